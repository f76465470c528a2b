"""From the POST to the events of the order on the WebSocket, one order at a time."""

from openoutcry.bench import targets
from openoutcry.bench.load.event_latency import measure_event_latency
from openoutcry.bench.load.http_connection import HttpConnection
from openoutcry.bench.load.open_loop import Team
from openoutcry.bench.load.orders import NumberedOrders, register_teams
from openoutcry.bench.load.websocket_reader import WebSocketReader
from openoutcry.bench.measures import Latencies, ratios
from openoutcry.bench.report import NOTHING, Claim, Section, latency_figures, microseconds, times_spread
from openoutcry.bench.stage import Stage


def events(stage: Stage) -> Section:
    section = Section(
        "POST /orders to what comes of it, one order at a time",
        ("until", "p50", "p90", "p99", "p99.9", "max", "p50 × verdict", "p99 × verdict"),
    )
    verdicts, acks, executions = Latencies(), Latencies(), Latencies()
    count = 2 * (stage.effort.latency_requests // 2)
    with stage.exchange() as exchange:
        teams = [
            Team(
                HttpConnection(exchange.host, exchange.port),
                NumberedOrders(key),
                WebSocketReader(exchange.host, exchange.port, api_key=key),
            )
            for key in register_teams(exchange, 2)
        ]
        measure_event_latency(teams, 0, stage.effort.warm_up_requests)
        for number in range(stage.effort.rounds):
            first = stage.effort.warm_up_requests + number * count
            measured = measure_event_latency(teams, first, count)
            verdicts.add_round(measured.verdicts)
            acks.add_round(measured.acks)
            executions.add_round(measured.executions)
        for team in teams:
            team.close()
    rows = {"verdict, over REST": verdicts, "new_order_ack": acks, "execution_report": executions}
    for name, latencies in rows.items():
        times = (microseconds(figure) for figure in latencies.percentiles_us().values())
        beside = (times_spread(ratios(latencies.by_round(share), verdicts.by_round(share))) for share in ("p50", "p99"))
        section.rows.append((name, *times, *((NOTHING, NOTHING) if latencies is verdicts else beside)))
        section.figures[name] = latency_figures(latencies, [])
        section.curves[f"{name}, 1 connection"] = latencies.all()
    section.notes.append(
        "Two teams in turns. execution_report: that of the order that trades at once. The same at steady rates is in"
        " the table of those."
    )
    section.claims.append(Claim(targets.ACK_P50, ratios(acks.by_round("p50"), verdicts.by_round("p50"))))
    return section
