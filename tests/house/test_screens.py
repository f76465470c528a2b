"""The screens: their types are those of the documents, and what is built is small, whole and asks nobody else."""

import gzip
import json
import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "web"
BUILT = ROOT / "src" / "openoutcry" / "web"
MAX_ZIPPED_BYTES = 200_000
"""Of everything that a page loads."""


@pytest.fixture(scope="module")
def pages():
    """The built pages' texts, by name."""
    found = {page.name: page.read_text("utf-8") for page in BUILT.glob("*.html")}
    assert found, "the screens are not built: `make web` builds them"
    return found


def loaded_by(page):
    """The files that a page loads, and those that they load."""
    found, waiting = set(), [page]
    while waiting:
        for name in re.findall(r"[\w-]+\.(?:js|css|svg)", waiting.pop()):
            if name not in found and (BUILT / "assets" / name).is_file():
                found.add(name)
                waiting.append((BUILT / "assets" / name).read_text("utf-8"))
    return found


def test_types_of_messages_are_those_of_the_documents():
    for name, text in runpy.run_path(str(WEB / "write_types.py"))["files"]().items():
        written = (WEB / "src" / "protocol" / name).read_text("utf-8")
        assert written == text, f"{name} is stale: `make docs` writes it anew"


def test_the_screens_are_built_from_these_sources(pages):
    assert pages.keys() == {"index.html", "organiser.html", "replay.html"}
    build = runpy.run_path(str(WEB / "build.py"))
    assert build["is_current"](), "the screens are built from other sources: `make web` builds them anew"


def test_a_page_with_all_that_it_loads_is_small(pages):
    for name, page in pages.items():
        files = [page.encode(), *((BUILT / "assets" / file).read_bytes() for file in loaded_by(page))]
        assert len(files) > 2, name
        assert sum(len(gzip.compress(file)) for file in files) < MAX_ZIPPED_BYTES, name


def test_pages_hold_no_code_and_no_style_of_their_own(pages):
    for page in pages.values():
        assert all(" src=" in script for script in re.findall(r"<script[^>]*>", page))
        assert "<style" not in page
        assert " style=" not in page


def test_pages_load_nothing_from_elsewhere(pages):
    for page in pages.values():
        assert "://" not in page
        for name in loaded_by(page):
            if name.endswith(".css"):
                assert "://" not in (BUILT / "assets" / name).read_text("utf-8")


def test_the_licences_of_what_is_built_in_go_with_it(pages):
    licences = (BUILT / "assets" / "licences.md").read_text("utf-8")
    names = set().union(*map(loaded_by, pages.values()))
    script = "".join((BUILT / "assets" / name).read_text("utf-8") for name in names)
    assert "svelte" in licences
    assert "tradingview.com" in script


def test_the_lock_file_of_the_screens_names_hashes_and_no_place():
    locked = json.loads((WEB / "package-lock.json").read_text("utf-8"))["packages"]
    assert len(locked) > 10
    for name, package in locked.items():
        assert "resolved" not in package, name
        assert name == "" or package["integrity"].startswith("sha512-"), name
