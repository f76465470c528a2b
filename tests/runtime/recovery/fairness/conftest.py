"""A fair session, and what is found in it once its journal was tampered with."""

import pytest
from fair_stage import play, rewritten, short_scenario, verified


@pytest.fixture(scope="session")
def scenario(tmp_path_factory):
    return short_scenario(tmp_path_factory.mktemp("scenario"))


@pytest.fixture(scope="session")
def played(tmp_path_factory, scenario):
    """A fair session with teams, an organiser's news, a restart and a crash in it."""
    return play(scenario, tmp_path_factory.mktemp("played") / "data")


@pytest.fixture
def verify(played, tmp_path_factory):
    """What is found in the session, once its journal was tampered with."""

    def verify(change):
        return verified(rewritten(played, tmp_path_factory.mktemp("tampered") / "data", change))

    return verify
