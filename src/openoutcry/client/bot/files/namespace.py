"""The modules of one bot file: it and its helpers are imported under names of their own, which no other bot sees."""

import builtins
import importlib
import itertools
import re
import sys
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, Final

_PREFIX: Final = "openoutcry_bot_"
_numbers: Final = itertools.count(1)

is_importing: Final = ContextVar("is_importing", default=False)
"""Whether a bot's file is being imported, in this thread."""


class Namespace:
    """A package made up for one file. Its modules are those of the file's folder, found by an `import` in any of them.

    Two files in different folders can each have a `helpers.py`; a file that is loaded again gets its helpers anew.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self.name: Final = f"{_PREFIX}{next(_numbers)}"
        self.files: set[Path] = set()
        """Those that were imported, or that an import has failed in."""
        self._builtins: Final = {**vars(builtins), "__import__": self._import}

    def load(self) -> ModuleType:
        """Import the file. Raises whatever its code raises, and `SyntaxError`."""
        importlib.invalidate_caches()
        package = ModuleType(self.name)
        package.__path__ = [str(self._file.parent)]
        sys.modules[self.name] = package
        sys.meta_path.insert(0, self)
        stem = re.sub(r"\W", "_", self._file.stem)
        name = f"{self.name}.{stem}"
        spec = spec_from_file_location(name, self._file, loader=_Loader(self, name, str(self._file)))
        assert spec is not None and spec.loader is not None  # noqa: S101, PT018 - the loader is given
        module = sys.modules[name] = module_from_spec(spec)
        token = is_importing.set(True)
        try:
            spec.loader.exec_module(module)
        except BaseException:
            self.forget()
            raise
        finally:
            is_importing.reset(token)
        return module

    def forget(self) -> None:
        """Let the modules go. Code in them that still runs can import none of its helpers any more."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        for name in [name for name in sys.modules if name == self.name or name.startswith(f"{self.name}.")]:
            del sys.modules[name]

    # ---- how an `import` finds a module

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Of a module below this package: one of the folder's."""
        if not fullname.startswith(f"{self.name}."):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(self, spec.loader.name, spec.loader.path)
        return spec

    def run(self, code: CodeType, module: ModuleType) -> None:
        """Run a module's code, with an `import` that looks into the folder first."""
        vars(module)["__builtins__"] = self._builtins
        exec(code, vars(module))  # noqa: S102 - this is what an import does

    def _import(
        self,
        name: str,
        globals: Mapping[str, object] | None = None,  # noqa: A002 - the names of __import__
        locals: Mapping[str, object] | None = None,  # noqa: A002
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> Any:
        top = name.partition(".")[0]
        if level or not self._is_own(top):
            return builtins.__import__(name, globals, locals, fromlist or (), level)
        module = importlib.import_module(f"{self.name}.{name}")
        if not fromlist:
            return sys.modules[f"{self.name}.{top}"]
        return builtins.__import__(module.__name__, globals, locals, fromlist, 0)

    def _is_own(self, top: str) -> bool:
        """Whether the folder has this module. A folder without an `__init__.py` gives way to what is installed."""
        own = f"{self.name}.{top}"
        if own in sys.modules:
            return True
        spec = self.find_spec(own, [str(self._file.parent)])
        return spec is not None and (spec.has_location or find_spec(top) is None)


class _Loader(SourceFileLoader):
    """Compiles the source as it is now: what is kept compiled may be older than a change in the same second."""

    def __init__(self, namespace: Namespace, fullname: str, path: str) -> None:
        super().__init__(fullname, path)
        self._namespace = namespace

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        self._namespace.files.add(Path(path))
        code: CodeType = self.source_to_code(self.get_data(path), path)
        return code

    def exec_module(self, module: ModuleType) -> None:
        self._namespace.run(self.get_code(module.__name__), module)
