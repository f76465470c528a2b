"""The memory of an order that rests in the venue, measured from outside in a process that does nothing else."""

import subprocess
import sys
from typing import Final

from openoutcry.bench import targets
from openoutcry.bench.failures import MeasurementFailed
from openoutcry.bench.measures import spread
from openoutcry.bench.report import Claim, Section
from openoutcry.bench.stage import Stage

PROCESS_SECONDS: Final = 300.0


def memory(stage: Stage) -> Section:
    orders = stage.effort.resting_orders
    each = [_bytes_per_order(orders) for _ in range(stage.effort.few_rounds)]
    figure = spread(each)
    section = Section("Memory", ("what", "bytes", "orders"))
    stated = f"{figure.median:,.0f} ({figure.low:,.0f}–{figure.high:,.0f})"
    section.rows.append(("an order that rests, its events told", stated, f"{orders:,}"))
    section.notes.append("What the process grew by, divided by the orders; each has a client order id.")
    section.figures["bytes_per_resting_order"] = each
    section.claims.append(Claim(targets.MEMORY, figure))
    return section


def _bytes_per_order(orders: int) -> float:
    command = [sys.executable, "-m", "openoutcry.bench.engines.resting_orders", str(orders)]
    try:
        finished = subprocess.run(command, capture_output=True, text=True, check=True, timeout=PROCESS_SECONDS)  # noqa: S603 - our own command
    except subprocess.SubprocessError as failure:
        raise MeasurementFailed(f"no figure came from the process with the orders: {failure}") from failure
    return float(finished.stdout)
