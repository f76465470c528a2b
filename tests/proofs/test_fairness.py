"""The proof that a simulated day comes out anew elsewhere, on a short one and without another numpy."""

from fair_stage import short_scenario

from proofs.fairness.proof import prove_fairness


def test_a_short_session_is_fair_in_every_process_that_one_machine_can_have(tmp_path):
    short_scenario(tmp_path)
    said = []
    report = prove_fairness(tmp_path, str(tmp_path / "short.toml"), (), said.append)
    assert report.holds, [check.examples for check in report.checks]
    assert [check.claim for check in report.checks] == [
        "as it was simulated: fair",
        "another process: fair",
        "as it was simulated, fewer instructions: fair",
        "another process, fewer instructions: fair",
    ]
