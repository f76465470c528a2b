"""A browser for each module, and a desk for each test. Skipped where the machine has no Chromium."""

from urllib.parse import urlsplit

import pytest
from screens_stage import CHROMIUM, Desk, browser_of_the_machine

from openoutcry.gateway.screens.files import read_screens


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine; OPENOUTCRY_CHROMIUM names one that is elsewhere")
    if read_screens() is None:
        pytest.skip("the screens are not built: make web")
    with browser_of_the_machine() as browser:
        yield browser


@pytest.fixture
def desk(browser):
    """What goes wrong in any of its windows fails the test."""
    desk = Desk(browser)
    yield desk
    desk.close()
    assert desk.complaints == []
    assert {urlsplit(url).hostname for url in desk.asked} <= {"127.0.0.1"}, "a page has asked somebody else"
