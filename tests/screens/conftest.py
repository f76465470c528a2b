"""A browser for each module, and a desk for each test. Skipped where the machine has no Chromium."""

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
