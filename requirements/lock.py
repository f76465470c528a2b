"""Writes the lock files beside it from `pyproject.toml`: every package pinned, every file by its hash, no host named.

    make lock               keeps what is pinned and adds what is missing
    make lock UPGRADE=1     takes the newest versions that `pyproject.toml` allows

Needs pip-tools in the running Python (`make lock` provides it).
"""

import argparse
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
PYPROJECT = FOLDER.parent / "pyproject.toml"

HEADER = """\
# {purpose}
# Written by `make lock` from pyproject.toml; use: pip install --require-hashes -r requirements/{name}
"""

# Each file is held to the versions of the first.
LOCK_FILES = {
    "development.txt": "Everything: client, server, and the tools of this project.",
    "server.txt": "What the exchange needs to run.",
    "client.txt": "What a bot needs.",
    "bench.txt": "What `make bench` needs: the server, and what it is measured against.",
}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--upgrade", action="store_true", help="take the newest versions allowed")
    upgrade = arguments.parse_args().upgrade
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))
    client = project["project"]["dependencies"]
    extras = project["project"]["optional-dependencies"]
    server = client + extras["server"]
    added = [wanted for name in ("lab", "notebook") for wanted in extras[name] if not wanted.startswith("openoutcry[")]
    groups = project["dependency-groups"]
    development = server + added + groups["dev"] + project["build-system"]["requires"]
    bench = server + groups["bench"] + project["build-system"]["requires"] + ["editables"]
    wanted = {"development.txt": development, "server.txt": server, "client.txt": client, "bench.txt": bench}
    for name, purpose in LOCK_FILES.items():
        compile_lock(name, wanted[name], purpose, upgrade=upgrade and name == "development.txt")


def compile_lock(name: str, wanted: list[str], purpose: str, *, upgrade: bool) -> None:
    target = FOLDER / name
    first = FOLDER / next(iter(LOCK_FILES))
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "wanted.in"
        constraint = [] if target == first else [f"--constraint={first}"]
        source.write_text("\n".join(wanted) + "\n", encoding="utf-8")
        compiled = Path(folder) / name
        if target.exists():
            compiled.write_text(target.read_text(encoding="utf-8"), encoding="utf-8")
        subprocess.run(  # noqa: S603 - our own command
            [
                *(sys.executable, "-m", "piptools", "compile", "--quiet"),
                *("--generate-hashes", "--strip-extras", "--allow-unsafe", "--no-header", "--no-annotate"),
                *("--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host", "--no-emit-options"),
                *(["--upgrade"] if upgrade else []),
                *constraint,
                f"--output-file={compiled}",
                str(source),
            ],
            check=True,
        )
        pins = compiled.read_text(encoding="utf-8")
    target.write_text(HEADER.format(purpose=purpose, name=name) + pins, encoding="utf-8")


if __name__ == "__main__":
    main()
