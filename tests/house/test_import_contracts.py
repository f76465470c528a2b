"""The layers hold, and the contracts that say so notice an import that points the wrong way."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


@pytest.fixture
def copy(tmp_path):
    """A copy of the package and its contracts, to plant imports in."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def lint_imports(folder):
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache", "--config", folder / ".importlinter"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_contract_is_kept():
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("module", "planted", "contract"),
    [
        ("venue/venue.py", "from openoutcry.runtime import sequencer", "Imports point down the layers only"),
        ("domain/types.py", "from openoutcry.clearing import exposure", "Imports point down the layers only"),
        ("clearing/exposure.py", "from openoutcry.matching import book", "Imports point down the layers only"),
        ("venue/checks/terms.py", "from openoutcry.venue import execution", "Inside the venue, too"),
        ("venue/reading/queries.py", "from openoutcry.venue import execution", "Inside the venue, too"),
        ("runtime/clock.py", "from openoutcry.gateway import answers", "Imports point down the layers only"),
        ("operations/quotes.py", "from openoutcry.gateway.http import answers", "Imports point down the layers only"),
        ("operations/quotes.py", "import uvicorn", "What can be asked knows nothing of how"),
        ("access/gate.py", "from http import HTTPStatus", "What can be asked knows nothing of how"),
        ("gateway/http/answers.py", "from openoutcry.gateway.rest import route", "Inside the gateway, too"),
        ("matching/book.py", "import time", "The core knows no clock"),
        ("venue/venue.py", "import random", "The core knows no clock"),
        ("clearing/account.py", "import structlog", "The core knows no clock"),
        ("domain/orders.py", "from openoutcry.protocol import requests", "The core knows no clock"),
        ("protocol/requests.py", "from openoutcry.venue import queries", "The wire contract knows"),
        ("scenarios/model.py", "from openoutcry.protocol import requests", "Scenarios know the domain"),
        ("client/errors.py", "import starlette", "The client needs nothing of the server"),
        ("client/errors.py", "from openoutcry.gateway import answers", "The client needs nothing of the server"),
        ("client/http/calls.py", "from openoutcry.client.stream import books", "In the client"),
        ("client/stream/books.py", "from openoutcry.client.http import response", "In the client"),
        ("runtime/clock.py", "from openoutcry.client import errors", "Only the command line and the bots"),
    ],
)
def test_an_import_that_points_the_wrong_way_breaks_its_contract(copy, module, planted, contract):
    path = copy / "src" / "openoutcry" / module
    path.write_text(path.read_text(encoding="utf-8") + f"\n{planted}\n", encoding="utf-8")
    result = lint_imports(copy)
    assert result.returncode == 1
    broken = [line for line in result.stdout.splitlines() if line.endswith("BROKEN")]
    assert any(line.startswith(contract) for line in broken), result.stdout


def test_a_new_package_must_be_given_its_layer(copy):
    package = copy / "src" / "openoutcry" / "newcomer"
    package.mkdir()
    (package / "__init__.py").touch()
    result = lint_imports(copy)
    assert result.returncode == 1
    assert "newcomer" in result.stdout
