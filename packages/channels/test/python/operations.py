"""Operations on channel ends, by the names of the README's table: what came of each."""

import asyncio

from multicore import channels

outcome = None


async def _first(messages):
    async for _ in messages:
        return "message"
    return "end"


def _for(receiver):
    for _ in receiver:
        return "message"
    return "end"


def _with(end):
    with end:
        pass


def _sent(result):
    return "sent" if result is None else str(result)


def _waiting(action, keyword):
    """An operation that takes a timeout of its own."""
    return lambda end, timeout: action(end, **({} if timeout is None else {keyword: timeout}))


def _awaiting(action):
    """A coroutine: its timeout is asyncio's."""

    def run(end, timeout):
        async def main():
            async with asyncio.timeout(timeout):
                return await action(end)

        return asyncio.run(main())

    return run


async def _send_async(end):
    return _sent(await end.send_async("message"))


async def _select_async_send(end):
    return "sent" if (await channels.select_async([(end, "message")]))[0] == 0 else "wrong"


async def _select_async_receive(end):
    return (await channels.select_async([end]))[1]


async def _recv_async(end):
    return await end.recv_async()


OPERATIONS = {
    "send": _waiting(lambda end, **how: _sent(end.send("message", **how)), "timeout"),
    "try_send": lambda end, _: _sent(end.try_send("message") or False).replace("True", "sent"),
    "send_nowait": lambda end, _: "sent" if end.send_nowait("message") else "left",
    "send_async": _awaiting(_send_async),
    "select (send)": _waiting(
        lambda end, **how: _sent(channels.select([(end, "message")], **how)[1]), "timeout"
    ),
    "select (send, 0)": lambda end, _: _sent(channels.select([(end, "message")], timeout=0)[1]),
    "select_async (send)": _awaiting(_select_async_send),
    "recv": _waiting(lambda end, **how: end.recv(**how), "timeout"),
    "recv_nowait": lambda end, _: end.recv_nowait(),
    "recv_nowait(default)": lambda end, _: end.recv_nowait("default"),
    "recv_async": _awaiting(_recv_async),
    "for": lambda end, _: _for(end),
    "async for": _awaiting(_first),
    "select (receive)": _waiting(lambda end, **how: channels.select([end], **how)[1], "timeout"),
    "select (receive, 0)": lambda end, _: channels.select([end], timeout=0)[1],
    "select_async (receive)": _awaiting(_select_async_receive),
    "close": lambda end, _: end.close(),
    "poison": lambda end, _: end.poison("reason"),
    "leave": lambda end, _: end.leave(),
    "with": lambda end, _: _with(end),
    "del": lambda _end, _: None,
    "close (receiver)": lambda end, _: end.close(),
    "leave (receiver)": lambda end, _: end.leave(),
    "with (receiver)": lambda end, _: _with(end),
    "poison (receiver)": lambda end, _: end.poison("reason"),
}


def run(operation, end, timeout=None):
    """Does it and keeps what came of it: an interrupt ends the call that reports it."""
    global outcome
    outcome = None
    try:
        outcome = OPERATIONS[operation](end, timeout)
    except BaseException as error:
        outcome = type(error).__name__
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
    return outcome


def last():
    """What came of the last one."""
    return outcome
