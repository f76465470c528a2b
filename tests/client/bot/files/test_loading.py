"""A bot in a user's file is found, and what is wrong with a file is said in a sentence."""

import sys
import types
from pathlib import Path

import pytest

from openoutcry.client.bot.bot import Bot
from openoutcry.client.bot.files.loading import BotFileError, load_bot, load_bot_file

BOT = "from openoutcry import Bot\nclass Mine(Bot):\n    pass\n"


def written(folder: Path, text: str, name: str = "my_bot.py") -> Path:
    file = folder / name
    file.parent.mkdir(exist_ok=True, parents=True)
    file.write_text(text)
    return file


def refused(path: object) -> str:
    with pytest.raises(BotFileError) as refusal:
        load_bot(str(path))
    return str(refusal.value)


# ---- which class it is


def test_the_one_bot_of_a_file_is_found(tmp_path: Path):
    bot = load_bot(written(tmp_path, BOT))
    assert bot.__name__ == "Mine"
    assert issubclass(bot, Bot)


def test_a_bot_that_is_imported_does_not_count(tmp_path: Path):
    written(tmp_path, BOT.replace("Mine", "Other"), "other.py")
    bot = load_bot(written(tmp_path, "from other import Other\nclass Mine(Other):\n    pass\n"))
    assert bot.__name__ == "Mine"
    assert "imports does not count" in refused(written(tmp_path, "from other import Other\n"))


def test_a_class_that_another_bot_of_the_file_derives_from_does_not_count(tmp_path: Path):
    text = BOT + "class Better(Mine):\n    pass\nAlso = Better\n"
    assert load_bot(written(tmp_path, text)).__name__ == "Better"


def test_a_name_after_the_file_chooses_one_of_several(tmp_path: Path):
    file = written(tmp_path, BOT + "class Yours(Bot):\n    pass\n")
    assert f"defines 2 bots, Mine, Yours: say which one is meant, such as {file}:Mine" in refused(file)
    assert load_bot(f"{file}:Yours").__name__ == "Yours"
    assert "has no bot of the name Theirs; the bots that it defines: Mine, Yours" in refused(f"{file}:Theirs")


# ---- what is no bot


def test_a_file_that_is_not_there(tmp_path: Path):
    assert refused(tmp_path / "none.py") == f"there is no file {tmp_path}/none.py"
    file = written(tmp_path, BOT)
    assert refused(tmp_path / "my_bot") == f"there is no file {tmp_path}/my_bot; did you mean {file}?"


def test_what_is_no_python_file(tmp_path: Path):
    assert "is no Python file" in refused(written(tmp_path, BOT, "my_bot.txt"))
    assert "is a folder" in refused(tmp_path)


def test_a_syntax_error_is_told_with_its_line(tmp_path: Path):
    file = written(tmp_path, "import openoutcry\nclass Mine(openoutcry.Bot)\n    pass\n")
    assert refused(file) == f"{file}, line 2: SyntaxError: expected ':'\n    class Mine(openoutcry.Bot)"


def test_a_syntax_error_in_a_helper_names_the_helper(tmp_path: Path):
    helper = written(tmp_path, "def f(:\n", "helpers.py")
    file = written(tmp_path, "import helpers\n")
    with pytest.raises(BotFileError, match=f"{helper}, line 1: SyntaxError") as refusal:
        load_bot(file)
    assert refusal.value.files == {file, helper}


def test_an_exception_is_told_with_the_users_frames_only(tmp_path: Path):
    written(tmp_path, "def price():\n    return 1 / 0\n", "helpers.py")
    file = written(tmp_path, "import helpers\nPRICE = helpers.price()\n")
    lines = [line for line in refused(file).splitlines() if line.strip(" ~^")]
    assert lines == [
        f"{file} raised an exception while it was imported:",
        f'  File "{file}", line 2, in <module>',
        "    PRICE = helpers.price()",
        f'  File "{tmp_path}/helpers.py", line 2, in price',
        "    return 1 / 0",
        "ZeroDivisionError: division by zero",
    ]


def test_a_module_that_is_not_installed_is_named(tmp_path: Path):
    told = refused(written(tmp_path, "def f():\n    import no_such_module\nf()\n"))
    assert "importlib" not in told
    assert told.endswith("ModuleNotFoundError: No module named 'no_such_module'")


def test_a_misspelt_handler_is_told_without_a_traceback(tmp_path: Path):
    file = written(tmp_path, "from openoutcry import Bot\nclass Mine(Bot):\n    def on_tirade(self, trade): ...\n")
    assert refused(file).startswith(f"{file}, line 2: Mine.on_tirade is no handler; did you mean on_trade?")


def test_a_file_that_ends_the_program_is_told_where_such_code_belongs(tmp_path: Path):
    assert 'belongs under `if __name__ == "__main__":`' in refused(written(tmp_path, "import sys\nsys.exit(3)\n"))


# ---- its helpers


def test_bots_in_different_folders_each_have_their_own_helpers(tmp_path: Path):
    text = "import helpers\n" + BOT + "    number = helpers.NUMBER\n    def late(self):\n        import later\n"
    text += "        return later.NUMBER\n"
    bots = []
    for number, folder in enumerate([tmp_path / "a", tmp_path / "b"]):
        written(folder, f"NUMBER = {number}\n", "helpers.py")
        written(folder, f"import helpers\nNUMBER = helpers.NUMBER + {10 * number}\n", "later.py")
        bots.append(load_bot(written(folder, text)))
    assert [bot.number for bot in bots] == [0, 1]
    assert [bot.late(None) for bot in bots] == [0, 11]
    assert "helpers" not in sys.modules
    assert str(tmp_path / "a") not in sys.path


def test_packages_and_relative_imports_beside_the_file_work(tmp_path: Path):
    written(tmp_path, "", "parts/__init__.py")
    written(tmp_path, "from .more import TWO\nimport helpers\nONE = helpers.ONE\n", "parts/some.py")
    written(tmp_path, "TWO = 2\n", "parts/more.py")
    written(tmp_path, "ONE = 1\n", "helpers.py")
    text = "import parts.some\nimport parts.more as more\nfrom parts import some\n" + BOT
    loaded = load_bot_file(written(tmp_path, text + "    seen = parts.some.ONE, more.TWO, some.TWO\n"))
    assert loaded.bot.seen == (1, 2, 2)
    assert {file.name for file in loaded.files} == {"my_bot.py", "__init__.py", "some.py", "more.py", "helpers.py"}


def test_a_folder_beside_it_does_not_hide_what_is_installed(tmp_path: Path):
    (tmp_path / "msgspec").mkdir()
    (tmp_path / "csv").mkdir()
    load_bot(written(tmp_path, "import csv, msgspec\nmsgspec.Struct, csv.reader\n" + BOT))


def test_annotations_of_its_structs_are_resolved(tmp_path: Path):
    text = "from __future__ import annotations\nimport msgspec\nfrom helpers import Seen\n" + BOT
    text += "class Kept(msgspec.Struct):\n    seen: Seen\n"
    text += 'class Again(Mine):\n    decoded = msgspec.json.decode(b\'{"seen": {"at": 1}}\', type=Kept)\n'
    written(tmp_path, "import msgspec\nclass Seen(msgspec.Struct):\n    at: int\n", "helpers.py")
    assert load_bot(written(tmp_path, text)).decoded.seen.at == 1


def test_a_file_is_read_anew_each_time(tmp_path: Path):
    file = written(tmp_path, BOT + "    number = 1\n")
    first = load_bot(file)
    file.write_text(BOT + "    number = 2\n")  # as long as before, and in the same second
    assert (first.number, load_bot(file).number) == (1, 2)
    assert not (tmp_path / "__pycache__").exists()


def test_a_name_with_a_dash_or_a_dot_will_do(tmp_path: Path):
    assert load_bot(written(tmp_path, BOT, "my-bot.v2.py")).__name__ == "Mine"


def test_what_is_forgotten_leaves_nothing_behind(tmp_path: Path):
    def kept() -> list[str]:
        return [name for name in sys.modules if name.startswith("openoutcry_bot_")]

    before, finders = kept(), list(sys.meta_path)
    refused(written(tmp_path, "1 / 0\n"))
    refused(written(tmp_path, "x = 1\n"))
    loaded = load_bot_file(written(tmp_path, BOT))
    assert isinstance(sys.modules[loaded.bot.__module__], types.ModuleType)
    loaded.namespace.forget()
    assert kept() == before
    assert sys.meta_path == finders
