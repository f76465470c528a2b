"""Another simulation of a market: that of bourse, whose agents are asked in turn, step by step, what they want."""

from importlib.metadata import version
from importlib.util import find_spec
from time import process_time
from typing import Final

AGENTS: Final = 100
_TICKS: Final = (400, 600)
_QUANTITIES: Final = (1, 100)
_STEP_NS: Final = 1_000_000


def is_installed() -> bool:
    return find_spec("bourse") is not None


def title() -> str:
    return f"bourse {version('bourse')}"


def stepped_per_second(seed: int, steps: int) -> float:
    """Instructions a second of processor time: each agent that it ships places or cancels an order in every step."""
    from bourse.core import StepEnv  # noqa: PLC0415 - optional
    from bourse.step_sim import run  # noqa: PLC0415
    from bourse.step_sim.agents import RandomAgent  # noqa: PLC0415

    agents = [RandomAgent(number, 1.0, _TICKS, _QUANTITIES, 1) for number in range(AGENTS)]
    began = process_time()
    run(StepEnv(seed, 0, 1, _STEP_NS), agents, steps, seed, show_progress=False)
    return AGENTS * steps / (process_time() - began)
