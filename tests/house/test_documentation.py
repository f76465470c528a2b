"""Pages that are made from the code agree with it, and no link is broken."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]


def test_the_scenario_reference_is_what_the_schema_says():
    specification = importlib.util.spec_from_file_location("write_reference", ROOT / "docs" / "write_reference.py")
    write_reference = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(write_reference)
    assert write_reference.PAGE.read_text(encoding="utf-8") == write_reference.page(), "run: make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_of_a_page_leads_to_a_file(page):
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    broken = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert broken == []
