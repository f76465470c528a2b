"""Only the owner can read what an exchange keeps on disk: keys, orders, and the scenario with its join code."""

from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.scenarios.loader import load_scenario


def test_nobody_else_may_read_the_scenario_that_is_kept(tmp_path):
    directory = DataDirectory(tmp_path / "data")
    directory.create()
    directory.keep_scenario(load_scenario("seed"))
    assert directory.scenario.stat().st_mode & 0o077 == 0
    assert directory.path.stat().st_mode & 0o077 == 0
    assert directory.kept_scenario() == load_scenario("seed")
