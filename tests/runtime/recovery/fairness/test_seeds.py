"""Seeds, nonces and commitments that were tampered with are found."""

import datetime as dt

from fair_stage import failed, rewritten, told, verified
from msgspec import structs
from tampering import each, put_in

from openoutcry.domain.commands import (
    CommitSeed,
    RegisterTeam,
    RevealSeed,
    StartSession,
    WithdrawCommitment,
)
from openoutcry.domain.fairness import commitment_of, seed_of_number
from openoutcry.runtime.data_directory import DataDirectory


def test_another_seed_than_the_one_committed_to_is_found(verify):
    other = seed_of_number(12)
    report = verify(each(lambda command: RevealSeed(other) if isinstance(command, RevealSeed) else None))
    assert {"commitment", "seed", "world"} <= failed(report)


def test_another_seed_with_a_commitment_that_fits_it_is_found(verify, scenario):
    """As if the organiser had chosen it afterwards, and had written the whole journal anew."""
    other = seed_of_number(12)

    def change(records):
        for record in records:
            command = record.command
            if isinstance(command, CommitSeed):
                command = CommitSeed(commitment_of(other, scenario.hash))
            elif isinstance(command, RevealSeed):
                command = RevealSeed(other)
            yield structs.replace(record, command=command)

    assert {"seed", "world"} <= failed(verify(change))


def test_another_nonce_is_found(verify):
    def replace(command):
        return structs.replace(command, nonce="another") if getattr(command, "nonce", None) else None

    assert {"seed", "world"} <= failed(verify(each(replace)))


def test_a_team_that_is_slipped_in_before_the_start_is_found(verify):
    shill = RegisterTeam("shill", "retail", b"shill" * 4, None, "chosen")
    assert {"seed", "world"} <= failed(verify(put_in(shill, lambda command: isinstance(command, StartSession))))


def test_another_end_of_the_opening_call_is_found(verify):
    def replace(command):
        if not isinstance(command, StartSession):
            return None
        call, opening, close = command.timetable
        return structs.replace(command, timetable=(call, structs.replace(opening, at=opening.at - 1), close))

    assert "seed" in failed(verify(each(replace)))


def test_a_call_that_began_when_the_scenario_no_longer_says_is_told_and_no_fault(played, scenario, tmp_path):
    """The scenario's hash does not bind it, so a later session may have another."""
    copy = rewritten(played, tmp_path / "later", lambda records: records)
    hours = structs.replace(scenario.session.hours, call=dt.time(9, 0))
    DataDirectory(copy).keep_scenario(structs.replace(scenario, session=structs.replace(scenario.session, hours=hours)))
    report = verified(copy)
    assert told(report, "seed").kind == "sound"
    assert "began at 09:29:00, and scenario.json says 09:00:00" in told(report, "call").text
    assert told(report, "call").kind == "note"


def test_a_commitment_that_was_given_up_is_told(verify):
    def change(records):
        for record in records:
            yield record
            if isinstance(record.command, CommitSeed) and record.sequence < 10:
                yield structs.replace(record, command=WithdrawCommitment())
                yield record

    report = verify(change)
    assert any(finding.subject == "withdrawn" and "no reason was given" in finding.text for finding in report.findings)
