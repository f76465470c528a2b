"""A session that is looked at afterwards: every way through it shows the same moment."""

import re
import signal

import pytest
from market_stage import half_hour
from playwright.sync_api import expect
from running_command import RunningCommand
from screens_stage import Organiser, Trader, panel, rows
from served_exchange import ServedExchange

SPEED = 100


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """The address of `openoutcry view` on a morning in which a hedge fund has bought three times."""
    folder = tmp_path_factory.mktemp("recorded")
    half_hour(folder, speed=SPEED)
    with ServedExchange(folder / "data", "--seed", "7", scenario=str(folder / "half_hour.toml")) as server:
        Organiser(server).open_market(SPEED)
        trader = Trader(server, "hedge_fund")
        for _ in range(3):
            trader.buy("SPY")
        organiser = Organiser(server)
        organiser.ask("POST", "/admin/announce", {"text": "Well traded"})
        organiser.ask("POST", "/admin/session", {"action": "end"})
    with RunningCommand("view", folder / "data", "--port", 0) as view:
        view.await_said("listening on")
        view.await_said("commands are read")
        yield view.stdout.split("listening on ")[1].split()[0]
        view.signal(signal.SIGINT)
        view.wait()


def test_a_click_on_an_event_the_slider_and_a_link_jump_in_every_panel(recorded, desk):
    page = desk.open(recorded)
    page.get_by_label("Team").select_option(index=1)
    time = page.get_by_label("Market time", exact=True)
    expect(rows(page, "Fills")).to_have_count(0)

    panel(page, "Events").get_by_role("button", name=re.compile("Well traded")).click()
    expect(rows(page, "Fills")).to_have_count(3)
    expect(rows(page, "Positions").first).to_contain_text("SPY")
    traded_at = time.text_content()

    page.get_by_role("button", name="Start", exact=True).click()
    expect(rows(page, "Fills")).to_have_count(0)
    expect(time).not_to_have_text(traded_at)
    page.go_back()
    expect(rows(page, "Fills")).to_have_count(3)
    expect(time).to_have_text(traded_at)

    link = page.url
    page.get_by_label("Moment", exact=True).fill("0")
    expect(rows(page, "Fills")).to_have_count(0)
    other = desk.open(link)
    expect(rows(other, "Fills")).to_have_count(3)
    expect(other.get_by_label("Market time", exact=True)).to_have_text(traded_at)

    other.get_by_role("button", name="Start", exact=True).click()
    other.get_by_label("Speed").select_option("1000")
    other.get_by_role("button", name="Play", exact=True).click()
    expect(rows(other, "Fills")).to_have_count(3)
