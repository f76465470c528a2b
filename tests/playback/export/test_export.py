"""A team's export shows what the team could know at every moment, as the data directory does, and nothing else."""

import json
import zipfile
from itertools import pairwise

import pytest

from openoutcry.domain.identifiers import parse_team_id
from openoutcry.playback.answers import OF_ORGANISER
from openoutcry.playback.export.reading import ExportReading, NoExport
from openoutcry.playback.export.writing import write_export


@pytest.fixture(scope="module")
def team(playback):
    """One that has been sanctioned."""
    sanctioned = {mark.team_id for mark in playback.timeline.marks if mark.kind == "sanction"}
    return next(team for team in playback.teams if team.has_stream and team.team_id in sanctioned)


@pytest.fixture(scope="module")
def file(playback, team, tmp_path_factory):
    file = tmp_path_factory.mktemp("export") / "team.zip"
    write_export(playback, team, file)
    return file


@pytest.fixture(scope="module")
def exported(file):
    reading = ExportReading(file)
    yield reading.chronicle
    reading.close()


def moments(playback):
    return [playback.moments.after(sequence) for sequence in range(1, playback.moments.last.sequence + 1, 211)]


def of_everybody(answers):
    return {route: data for route, data in answers.items() if route not in OF_ORGANISER}


def test_every_moment_is_the_same_for_the_team(playback, exported, team):
    team_id = parse_team_id(team.team_id)
    for moment in moments(playback):
        mine, theirs = exported.frame(moment, team_id), playback.frame(moment, team_id)
        assert mine.lines == theirs.lines
        assert mine.keyframe == theirs.keyframe
        assert of_everybody(mine.answers) == of_everybody(theirs.answers)


def test_playing_on_is_the_same_for_the_team(playback, exported, team):
    team_id = parse_team_id(team.team_id)
    known = moments(playback)
    for begins, ends in pairwise(known):
        mine, theirs = exported.slice(begins, ends, team_id), playback.slice(begins, ends, team_id)
        assert (mine.lines, mine.ends) == (theirs.lines, theirs.ends)


def test_moments_sessions_and_the_public_timeline_are_the_same(playback, exported, team):
    assert exported.moments.saved() == playback.moments.saved()
    assert exported.moments.sessions() == playback.moments.sessions()
    assert exported.moments.last == playback.moments.last
    assert exported.is_running == playback.is_running
    for session in (1, 2):
        assert exported.timeline.prices(session, 0) == playback.timeline.prices(session, 0)
        assert exported.timeline.largest_trades(session) == playback.timeline.largest_trades(session)
    of_others = [mark for mark in playback.timeline.marks if mark.team_id not in (None, team.team_id)]
    assert of_others
    assert exported.timeline.marks == [mark for mark in playback.timeline.marks if mark not in of_others]
    to, types = playback.moments.last, ["trade", "execution_report", "duty_status", "news"]
    team_id = parse_team_id(team.team_id)
    assert exported.history.newest(team_id, types, to, None, 500) == playback.history.newest(
        team_id, types, to, None, 500
    )


def test_nothing_of_other_teams_or_of_the_organiser_is_in_the_file(file, playback, team):
    others = [each for each in playback.teams if each.has_stream and each.team_id != team.team_id]
    assert len(others) > 3
    with zipfile.ZipFile(file) as archive:
        content = b"\n".join(map(archive.read, archive.namelist()))
        stretches = [json.loads(archive.read(name)) for name in archive.namelist() if name.startswith("stretches/")]
    assert b"/admin/" not in content
    for stretch in stretches:
        for _, _, message in (*stretch["told"]["team"], *stretch["beginning"]["team"]):
            assert message.get("team_id", team.team_id) == team.team_id
    orders = set()
    for other in others:
        for moment in moments(playback):
            for line in playback.frame(moment, parse_team_id(other.team_id), books=[]).lines:
                if b'"new_order_ack"' in line:
                    orders.add(json.loads(line)[2]["order_id"].encode())
    own = {
        json.loads(line)[2]["order_id"].encode()
        for moment in moments(playback)
        for line in playback.frame(moment, parse_team_id(team.team_id), books=[]).lines
        if b'"new_order_ack"' in line
    }
    assert orders - own
    assert not [order for order in orders - own if b'"%s"' % order in content]


def test_the_export_has_only_its_own_team(exported, team, playback):
    assert list(exported.teams) == [team]
    other = next(each for each in playback.teams if each.has_stream and each.team_id != team.team_id)
    assert exported.has_stream(parse_team_id(team.team_id))
    assert not exported.has_stream(parse_team_id(other.team_id))


def test_a_file_that_is_there_is_not_written_over(playback, team, file):
    with pytest.raises(FileExistsError):
        write_export(playback, team, file)


def test_of_an_export_that_cannot_be_finished_nothing_is_left(playback, team, tmp_path, monkeypatch):
    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(playback.stretches, "answers_to", full)
    with pytest.raises(OSError, match="No space left"):
        write_export(playback, team, tmp_path / "team.zip")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("text.zip", b"hello", "is no export of a team, or is damaged"),
        ("empty.zip", b"", "is no export of a team, or is damaged"),
    ],
)
def test_a_file_that_is_no_export_is_named(tmp_path, name, content, told):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(NoExport, match=told):
        ExportReading(tmp_path / name)


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.99])
def test_a_damaged_export_is_named(tmp_path, file, cut):
    content = bytearray(file.read_bytes())
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(content[: int(len(content) * cut)])
    with pytest.raises(NoExport, match="damaged"):
        ExportReading(damaged)
    content[int(len(content) * cut / 2)] ^= 0xFF
    damaged.write_bytes(content)
    with pytest.raises(NoExport, match="damaged"):
        ExportReading(damaged)


def test_an_export_of_a_later_format_is_named(tmp_path, file):
    later = tmp_path / "later.zip"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(later, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "contents.json":
                content = json.dumps(json.loads(content) | {"format": 99}).encode()
            new.writestr(name, content)
    with pytest.raises(NoExport, match="format 99, and this version reads format 1"):
        ExportReading(later)
