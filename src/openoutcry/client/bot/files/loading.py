"""Finds the bot in a user's file."""

import importlib
import os
import traceback
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Final

from msgspec import Struct

from openoutcry.client.bot import handlers
from openoutcry.client.bot.bot import Bot
from openoutcry.client.bot.files.namespace import Namespace

_CLIENT: Final = f"{Path(__file__).parents[1]}{os.sep}"
_SHOWN_FRAMES: Final = 5


class BotFileError(Exception):
    """A file gives no bot. The text says why, and what would do.

    `files`: what an attempt may depend on, the file and those that it imported from its folder.
    """

    def __init__(self, text: str, files: Iterable[Path] = ()) -> None:
        super().__init__(text)
        self.files = frozenset(files)


class LoadedBot(Struct, frozen=True):
    """`path`: as it was given. `files`: the file, and those that it imported from its folder. `namespace` holds its
    modules.
    """

    bot: type[Bot]
    path: Path
    files: frozenset[Path]
    namespace: Namespace

    def make(self) -> Bot:
        """A bot of the class. Raises `BotFileError` if its `__init__` raises."""
        try:
            return self.bot()
        except Exception as error:
            raise BotFileError(_told(error, self.path, f"while a {self.bot.__name__} was made"), self.files) from error


def load_bot(path: str | os.PathLike[str]) -> type[Bot]:
    """The class derived from `Bot` that the file at `path` defines.

    Where it defines several, `my_bot.py:Name` says which; classes that others of the file derive from are not counted,
    nor are imported ones. The file can import what lies beside it. Each call imports it anew, under a name of its own.

    Raises `BotFileError`.
    """
    return load_bot_file(path).bot


def load_bot_file(path: str | os.PathLike[str]) -> LoadedBot:
    """The same, with the files that it was read from. Raises `BotFileError`."""
    file, name = _parse(os.fspath(path))
    _check(file)
    namespace = Namespace(file.resolve())
    try:
        bot = _found(namespace.load(), name, file)
    except BotFileError as error:
        namespace.forget()
        raise BotFileError(str(error), {file.resolve(), *namespace.files}) from None
    except (Exception, SystemExit) as error:
        raise BotFileError(_told(error, file), {file.resolve(), *namespace.files}) from error
    return LoadedBot(bot, file, frozenset(namespace.files), namespace)


def file_of(bot: str) -> Path:
    """The file in what names a bot: a file, with `:Name` where it defines several."""
    return _parse(bot)[0]


def _parse(text: str) -> tuple[Path, str | None]:
    """The file, and the class that is chosen in it."""
    before, _, name = text.rpartition(":")
    if before.endswith(".py") and name.isidentifier():
        return Path(before), name
    return Path(text), None


def _check(file: Path) -> None:
    if file.is_dir():
        raise BotFileError(f"{file} is a folder: name the .py file in it that defines the bot")
    if not file.exists():
        near = file.with_name(f"{file.name}.py")
        meant = f"; did you mean {near}?" if near.exists() else ""
        raise BotFileError(f"there is no file {file}{meant}", [file.resolve()])
    if file.suffix != ".py":
        raise BotFileError(f"{file} is no Python file: a bot is a class in a file whose name ends in .py")


def _found(module: ModuleType, name: str | None, file: Path) -> type[Bot]:
    if name is not None:
        return _chosen(module, name, file)
    bots = _bots(module)
    derived_from = {base for bot in bots for base in bot.__mro__[1:]}
    leaves = [bot for bot in bots if bot not in derived_from]
    if not leaves:
        raise BotFileError(
            f"{file} defines no bot: derive a class from openoutcry.Bot in it, such as"
            " `class MyBot(openoutcry.Bot): ...`; a class that it imports does not count"
        )
    if len(leaves) > 1:
        names = ", ".join(bot.__name__ for bot in leaves)
        raise BotFileError(
            f"{file} defines {len(leaves)} bots, {names}: say which one is meant, such as {file}:{leaves[0].__name__}"
        )
    return leaves[0]


def _bots(module: ModuleType) -> list[type[Bot]]:
    """The classes of bots that the module itself defines, in its order."""
    values = dict.fromkeys(each for each in vars(module).values() if isinstance(each, type))
    return [each for each in values if issubclass(each, Bot) and each.__module__ == module.__name__]


def _chosen(module: ModuleType, name: str, file: Path) -> type[Bot]:
    chosen = getattr(module, name, None)
    if isinstance(chosen, type) and issubclass(chosen, Bot) and chosen is not Bot:
        return chosen
    there = ", ".join(bot.__name__ for bot in _bots(module)) or "none"
    raise BotFileError(f"{file} has no bot of the name {name}; the bots that it defines: {there}")


# ---- what went wrong in a user's file


def _told(error: BaseException, file: Path, when: str = "while it was imported") -> str:
    if isinstance(error, SyntaxError) and error.filename is not None:
        line = (error.text or "").strip()
        return f"{error.filename}, line {error.lineno}: {type(error).__name__}: {error.msg}\n    {line}".rstrip()
    if isinstance(error, OSError) and error.filename == str(file.resolve()):
        return f"{file} cannot be read: {error.strerror}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if not _is_machinery(frame.filename)]
    if isinstance(error, TypeError) and own and frames[-1].filename == handlers.__file__:
        return f"{own[-1].filename}, line {own[-1].lineno}: {error}"
    if isinstance(error, SystemExit):
        what = f"it ended the program (SystemExit: {error.code}): code that is to run only when the file itself is"
        what += ' started belongs under `if __name__ == "__main__":`'
    else:
        what = "".join(traceback.format_exception_only(error)).strip()
    where = "".join(traceback.format_list(own[-_SHOWN_FRAMES:]))
    return f"{file} raised an exception {when}:\n{where}{what}"


def _is_machinery(filename: str) -> bool:
    return filename.startswith(("<frozen importlib", _CLIENT)) or filename == importlib.__file__
