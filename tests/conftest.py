"""What holds for the whole suite."""

import os

from hypothesis import HealthCheck, Phase, settings

# Chance is the same in every run, so that a failure is of the change at hand; no test fails for being slow.
# `make fuzz` sets OPENOUTCRY_FUZZ and takes fresh chances, as many as it says.
settings.register_profile(
    "suite",
    deadline=None,
    derandomize="OPENOUTCRY_FUZZ" not in os.environ,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
settings.load_profile("suite")
