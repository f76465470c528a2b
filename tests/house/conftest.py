"""Fresh environments with the built wheel in them, without asking any package index.

Dependencies are those of a lock file, copied from the environment that runs the tests: if one that is needed is not
in the lock file, it is not there.
"""

import importlib.metadata
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Environment:
    def __init__(self, folder, lock_file, wheel):
        venv.create(folder, with_pip=False, symlinks=True)
        self.python = folder / "bin" / "python"
        self.command = folder / "bin" / "openoutcry"
        (site_packages,) = folder.glob("lib/python*/site-packages")
        locked = (ROOT / "requirements" / lock_file).read_text("utf-8")
        for name in re.findall(r"^([A-Za-z0-9._-]+)==", locked, re.MULTILINE):
            copy_distribution(name, site_packages)
        pip("--python", self.python, "install", "--quiet", "--no-index", "--no-deps", wheel)

    def run(self, *arguments):
        return subprocess.run([self.python, "-I", *arguments], capture_output=True, text=True, check=False, timeout=120)


def copy_distribution(name, site_packages):
    distribution = importlib.metadata.distribution(name)
    for file in distribution.files:
        if ".." not in file.parts and "__pycache__" not in file.parts:
            target = site_packages / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(distribution.locate_file(file), target)


def pip(*arguments):
    subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments], check=True, timeout=300)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        check=True,
        capture_output=True,
        timeout=300,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def base_install(tmp_path_factory, wheel):
    return Environment(tmp_path_factory.mktemp("base"), "client.txt", wheel)


@pytest.fixture(scope="session")
def server_install(tmp_path_factory, wheel):
    return Environment(tmp_path_factory.mktemp("server"), "server.txt", wheel)
