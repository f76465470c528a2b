"""The tracker: the index by its ratio, and an error that comes and goes."""

import numpy as np

from openoutcry.simulation.world.world import SHARES, Integers


def fair_values(index: Integers, errors: Integers, ratio: int) -> Integers:
    """In 1e-4, rounded half up, from the exact product."""
    whole = ratio * SHARES
    return np.array(
        [
            (price * (SHARES + error) + whole // 2) // whole
            for price, error in zip(index.tolist(), errors.tolist(), strict=True)
        ],
        dtype=np.int64,
    )
