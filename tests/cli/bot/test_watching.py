"""Which changes of files are seen: every one since a file was first watched."""

import asyncio

import pytest

from openoutcry.cli.bot.watching import Watched, may_mend
from openoutcry.client.bot.files.loading import BotFileError, load_bot_file

PATIENCE_SECONDS = 30


def changed(watched):
    return asyncio.run(asyncio.wait_for(watched.changed(), PATIENCE_SECONDS))


@pytest.fixture
def bot(tmp_path):
    path = tmp_path / "bot.py"
    path.write_text("a bot")
    return path


def test_a_change_before_anybody_waits_is_seen(bot):
    watched = Watched([bot])
    bot.write_text("a better bot")
    assert changed(watched) == [bot]


def test_a_file_that_is_added_again_stays_as_it_was(bot, tmp_path):
    helper = tmp_path / "helper.py"
    watched = Watched([bot])
    bot.write_text("a better bot")
    watched.add([bot, helper])
    helper.write_text("help")
    assert changed(watched) == [bot, helper]


def test_a_file_that_is_removed_or_made_has_changed(bot, tmp_path):
    made = tmp_path / "made.py"
    watched = Watched([bot, made])
    bot.unlink()
    made.write_text("now")
    assert changed(watched) == [bot, made]


def test_a_helper_that_was_missing_mends_what_could_not_be_loaded(bot, tmp_path):
    bot.write_text("import helper_of_this_test")
    with pytest.raises(BotFileError) as raised:
        load_bot_file(str(bot))
    watched = Watched(may_mend(raised.value))
    (tmp_path / "helper_of_this_test.py").write_text("")
    assert tmp_path in changed(watched)
