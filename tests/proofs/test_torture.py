"""Real servers, killed under load or cut off from power: what they told their bots agrees with their journal."""

from proofs.torture.proof import prove_by_killing, prove_by_power_loss


def differences(report):
    return {check.claim: check.examples for check in report.checks if not check.holds}


def test_kill_9_under_load_three_times_in_a_row_loses_nothing(tmp_path):
    assert differences(prove_by_killing(tmp_path / "data", 3, load=600)) == {}


def test_kill_9_on_disk_durability_loses_nothing_either(tmp_path):
    assert differences(prove_by_killing(tmp_path / "data", 1, durability="disk", load=400)) == {}


def test_a_loss_of_power_on_disk_durability_loses_nothing_that_was_told(tmp_path):
    assert differences(prove_by_power_loss(tmp_path / "data", 2, durability="disk", load=240)) == {}


def test_a_loss_of_power_by_default_shows_the_promised_signs_and_nothing_else(tmp_path):
    assert differences(prove_by_power_loss(tmp_path / "data", 2, durability="os", load=600)) == {}
