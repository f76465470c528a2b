"""Time from the POST to the events. One order at a time; its events are awaited on both channels."""

import select
from collections.abc import Sequence
from time import perf_counter_ns

from msgspec import Struct

from openoutcry.bench.load.http_connection import ANSWER_SECONDS, UnexpectedAnswer
from openoutcry.bench.load.open_loop import Team, is_ack, is_execution
from openoutcry.bench.load.orders import number_in


class EventLatencies(Struct, frozen=True):
    """Samples in nanoseconds. All start just before the POST is sent."""

    verdicts: list[int]
    acks: list[int]
    executions: list[int]
    """Samples of the orders that trade at once."""


def measure_event_latency(teams: Sequence[Team], first: int, count: int) -> EventLatencies:
    """`count` orders of the teams in turns, numbered from `first`, which is even; every second one trades.

    The generator sleeps while it waits. Raises `UnexpectedAnswer`.
    """
    poll = select.epoll()
    readers = {team.reader.descriptor: team.reader for team in teams if team.reader is not None}
    for descriptor in (*readers, *(team.connection.descriptor for team in teams)):
        poll.register(descriptor, select.EPOLLIN)
    measured = EventLatencies([], [], [])
    for number in range(first, first + count):
        team = teams[number % len(teams)]
        connection = team.connection
        awaited = 2 + number % 2
        request = team.orders.request(number)
        sent_at = perf_counter_ns()
        connection.send(request)
        while awaited:
            for descriptor, _ in poll.poll(ANSWER_SECONDS):
                if descriptor == connection.descriptor:
                    for _ in connection.answers():
                        measured.verdicts.append(perf_counter_ns() - sent_at)
                        awaited -= 1
                    continue
                for message in readers[descriptor].messages():
                    if is_ack(message):
                        measured.acks.append(perf_counter_ns() - sent_at)
                        awaited -= 1
                    elif is_execution(message) and number_in(message) == number:
                        measured.executions.append(perf_counter_ns() - sent_at)
                        awaited -= 1
            # Other messages may arrive in the meantime, such as heartbeats.
            if awaited and perf_counter_ns() - sent_at > ANSWER_SECONDS * 1_000_000_000:
                raise UnexpectedAnswer(f"order {number} lacks {awaited} of its answer and events")
    poll.close()
    return measured
