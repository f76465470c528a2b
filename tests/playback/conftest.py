import pytest
from scoring_stage import match_scenario, play_eventful

from openoutcry.journal.reader import JournalReader
from openoutcry.playback.playback import Playback
from openoutcry.runtime.data_directory import DataDirectory


@pytest.fixture(scope="session")
def eventful(tmp_path_factory):
    """A data directory of two sessions with teams of every role, and everything that an organiser can do."""
    folder = tmp_path_factory.mktemp("eventful")
    match = play_eventful(match_scenario(folder, minutes=4), seed=5)
    match.close()
    return match.save(folder / "data")


@pytest.fixture(scope="session")
def playback(eventful):
    """All of it, with keyframes close together."""
    data = DataDirectory(eventful)
    playback = Playback(data.kept_scenario(), keyframe_seconds=20, commands_a_stretch=400)
    for record in JournalReader(data.journal):
        playback.take(record)
    yield playback
    playback.close()
