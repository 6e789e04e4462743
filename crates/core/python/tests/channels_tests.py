"""`multicore.channels` and `multicore.asyncio`, from inside."""

import asyncio
import unittest

from multicore import channels, interpreters


def echo(source, sink):
    for message in source:
        sink.send(message)
    sink.close()


class Channels(unittest.TestCase):
    def test_send_nowait_queues(self):
        receiver, sender = channels.create()
        self.assertFalse(sender.send_nowait(1))
        self.assertFalse(sender.send_nowait(2))
        sender.close()
        self.assertEqual(list(receiver), [1, 2])
        with self.assertRaises(channels.ChannelClosedError):
            receiver.recv_nowait()

    def test_try_send_does_not(self):
        receiver, sender = channels.create()
        self.assertFalse(sender.try_send(1))
        self.assertEqual(receiver.recv_nowait("nothing"), "nothing")
        with self.assertRaises(channels.ChannelEmptyError):
            receiver.recv_nowait()

    def test_ends_are_found_by_their_id(self):
        receiver, sender = channels.create()
        self.assertEqual(channels.RecvChannel(receiver.id), receiver)
        self.assertIn((receiver, sender), channels.list_all())
        # As PEP 554 has it: the end of an unknown channel can be made, and is refused when used.
        sender, receiver = channels.SendChannel(1 << 40), channels.RecvChannel(1 << 40)
        self.assertEqual((sender.id, repr(sender)), (1 << 40, f"SendChannel(id={1 << 40})"))
        self.assertEqual(sender, channels.SendChannel(1 << 40))
        self.assertNotEqual(sender, receiver)
        self.assertIsInstance(receiver, channels.RecvChannel)
        for operation in (receiver.recv, receiver.recv_nowait, receiver.close, sender.close):
            with self.assertRaisesRegex(channels.ChannelNotFoundError, "not found"):
                operation()
        with self.assertRaises(channels.ChannelNotFoundError):
            sender.send(1)
        with self.assertRaises(TypeError):
            channels.SendChannel("1")

    def test_overflow(self):
        receiver, sender = channels.create(2, overflow="drop-oldest")
        for number in range(5):
            sender.send(number)
        sender.close()
        self.assertEqual(list(receiver), [3, 4])
        with self.assertRaises(ValueError):
            channels.create(-1)
        with self.assertRaises(ValueError):
            channels.create(1 << 62)

    def test_poison_and_select(self):
        (a, to_a), (b, to_b) = channels.create(1), channels.create(1)
        to_b.send("b")
        self.assertEqual(channels.select([a, b]), (1, "b"))
        self.assertEqual(channels.select([a, (to_b, "again")]), (1, None))
        with self.assertRaises(TimeoutError):
            channels.select([a], timeout=0.01)
        to_a.poison("enough")
        with self.assertRaisesRegex(channels.ChannelPoisonedError, "enough"):
            a.recv()

    def test_between_interpreters(self):
        interp = interpreters.create()
        (there, to), (back, here) = channels.create(), channels.create()
        thread = interp.call_in_thread(echo, there, here)
        for message in (1, ("a", b"b", frozenset({1j}))):
            to.send(message)
            self.assertEqual(back.recv(timeout=10), message)
        to.close()
        thread.join()

    def test_asyncio(self):
        interp = interpreters.create()
        (there, to), (back, here) = channels.create(), channels.create()
        thread = interp.call_in_thread(echo, there, here)

        async def main():
            async def send():
                for number in range(20):
                    await to.send_async(number)
                to.close()

            sending = asyncio.create_task(send())
            received = [message async for message in back]
            await sending
            return received

        self.assertEqual(asyncio.run(main()), list(range(20)))
        thread.join()

    def test_a_cancelled_receive_takes_nothing(self):
        receiver, sender = channels.create(1)

        async def main():
            receiving = asyncio.create_task(receiver.recv_async())
            await asyncio.sleep(0)
            receiving.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await receiving

        asyncio.run(main())
        sender.send(1)
        self.assertEqual(receiver.recv_nowait(), 1)

    def test_run_in_interpreter(self):
        from multicore.asyncio import run_in_interpreter

        async def main():
            return await asyncio.gather(*(run_in_interpreter(pow, 2, n) for n in range(3)))

        self.assertEqual(asyncio.run(main()), [1, 2, 4])
