"""A process that comes back to 0: Ornstein-Uhlenbeck, from its stationary law, in integers of 1e-12."""

from itertools import accumulate

import numpy as np

from openoutcry.simulation.world.chance import Chance
from openoutcry.simulation.world.world import SHARES, Integers


def draw_mean_reverting(chance: Chance, deviation: int, half_life: int, seconds: int) -> Integers:
    """A value for each of the seconds 0 to `seconds`.

    `deviation`: the stationary one, in 1e-12. What is left of a value after a second is an exact product of integers,
    rounded down.
    """
    kept = round(0.5 ** (1 / half_life) * SHARES)
    share = kept / SHARES
    normals = chance.normals(seconds + 1)
    normals[1:] *= (1 - share * share) ** 0.5
    steps: list[int] = np.rint(normals * deviation).astype(np.int64).tolist()
    return np.array(list(accumulate(steps, lambda value, step: value * kept // SHARES + step)), dtype=np.int64)
