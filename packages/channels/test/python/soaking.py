"""One party of the soak: random operations until every channel has ended, accounted for."""

import asyncio
import random

from multicore import channels


class Party:
    """Does random things, and writes down what was accepted and what it got."""

    def __init__(self, seed, number, ends):
        self.random = random.Random(seed)
        self.next_message = number << 32
        self.ends = dict(enumerate(ends))
        self.sent = []
        self.received = []

    def message(self):
        self.next_message += 1
        return self.next_message

    def timeout(self):
        # None waits for as long as it takes: the end of the channel wakes it.
        return self.random.choice((None, 0, 0.0005, 0.003))

    def send(self, index):
        message = self.message()
        self.ends[index][0].send(message, self.timeout())
        self.sent.append((index, message))

    def try_send(self, index):
        message = self.message()
        if self.ends[index][0].try_send(message):
            self.sent.append((index, message))

    def send_async(self, index):
        message = self.message()
        asyncio.run(self.ends[index][0].send_async(message))
        self.sent.append((index, message))

    def receive(self, index):
        self.received.append((index, self.ends[index][1].recv(self.timeout())))

    def receive_nowait(self, index):
        message = self.ends[index][1].recv_nowait(None)
        if message is not None:
            self.received.append((index, message))

    def receive_async(self, index):
        self.received.append((index, asyncio.run(self.ends[index][1].recv_async())))

    def iterate(self, index):
        for message in self.ends[index][1]:
            self.received.append((index, message))
            if self.random.random() < 0.3:
                return

    def select(self, _):
        chosen = [self.random.choice(list(self.ends)) for _ in range(3)]
        sends = [self.random.random() < 0.5 for _ in chosen]
        cases = [
            (self.ends[index][0], self.message()) if sends_it else self.ends[index][1]
            for index, sends_it in zip(chosen, sends, strict=True)
        ]
        fair = self.random.random() < 0.5
        try:
            case, message = channels.select(cases, self.timeout(), fair=fair)
        except channels.ChannelClosedError as error:
            self.forget(chosen[error.case], is_send=sends[error.case], error=error)
            return
        if sends[case]:
            self.sent.append((chosen[case], cases[case][1]))
        else:
            self.received.append((chosen[case], message))

    def forget(self, index, *, is_send, error):
        # A closed channel may have messages yet: who could not send drains it.
        if is_send and not isinstance(error, channels.ChannelPoisonedError):
            try:
                for message in self.ends[index][1]:
                    self.received.append((index, message))
            except channels.ChannelPoisonedError:
                pass
        self.ends.pop(index, None)

    def run(self):
        senders = (self.send, self.send, self.try_send, self.send_async)
        receivers = (
            self.receive,
            self.receive,
            self.receive_nowait,
            self.receive_async,
            self.iterate,
        )
        while self.ends:
            index = self.random.choice(list(self.ends))
            action = self.random.choices(
                (*senders, *receivers, self.select), (6, 6, 4, 1, 6, 6, 4, 1, 2, 8)
            )[0]
            try:
                action(index)
            except TimeoutError:
                pass
            except channels.ChannelFullError:
                pass
            except channels.ChannelClosedError as error:
                self.forget(index, is_send=action in senders, error=error)
            else:
                if self.ends and action == self.iterate and self.ends[index][1].is_closed:
                    self.forget(index, is_send=True, error=None)


def run(seed, number, ends):
    """A whole life; gives what was accepted and received, as `(channel, message)`."""
    party = Party(seed, number, ends)
    party.run()
    return tuple(party.sent), tuple(party.received)
