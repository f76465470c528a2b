"""A page whose server is killed, or that nobody looks at: it says what it knows, comes back, and misses nothing."""

import pytest
from market_stage import half_hour
from playwright.sync_api import expect
from screens_stage import Organiser, Trader, panel, rows
from served_exchange import ServedExchange

from proofs.server_process import reserved_port

SPY = "SPY"
CALL_SPEED, SPEED = 100, 10
"""Before the opening, and after it."""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scenario")
    half_hour(folder, speed=CALL_SPEED)
    return str(folder / "half_hour.toml")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with ServedExchange(tmp_path_factory.mktemp("quiet") / "data") as server:
        yield server


@pytest.fixture
def port():
    with reserved_port() as port:
        yield str(port)


def status(page):
    """What the page says of its connection."""
    return page.get_by_role("banner").get_by_role("status")


def test_a_killed_server_comes_back_and_no_fill_is_missed_or_doubled(desk, tmp_path, scenario, port):
    desk.server_may_vanish = True
    data = tmp_path / "data"
    with ServedExchange(data, "--port", port, "--seed", "7", scenario=scenario) as server:
        Organiser(server).open_market(SPEED)
        trader = Trader(server, "hedge_fund")
        page = desk.open(server.url, key=trader.key)
        expect(status(page)).to_contain_text("live")
        trader.buy(SPY)
        expect(rows(page, "Fills")).to_have_count(1)
        server.kill()
    expect(status(page)).to_contain_text("what is shown is old")
    for lives in (2, 3):
        # Once the page hears of the fills by resuming its stream, once as they come.
        page.context.set_offline(lives == 2)
        with ServedExchange(data, "--port", port, "--seed", "7", scenario=scenario) as server:
            trader.goes_on(server)
            for _ in range(2):
                trader.buy(SPY)
            page.context.set_offline(False)
            expect(status(page)).to_contain_text("live")
            fills = 2 * lives - 1
            assert trader.fills() == fills
            expect(rows(page, "Fills")).to_have_count(fills)
            expect(rows(page, "Positions").first).to_contain_text(f"SPY{fills}")
            heard = market_time(page)
            page.wait_for_function("was => document.querySelector('header time').textContent > was", arg=heard)
            server.kill()


def market_time(page):
    return page.locator("header time").first.text_content()


def test_a_page_that_nobody_sees_reads_no_channel_and_begins_anew_when_it_is_seen(server, desk):
    maker = Trader(server, "market_maker")
    maker.order("buy", 10, 99.98)
    page = desk.open(server.url, key=maker.key)
    expect(page.get_by_role("button", name="Buy at 99.98, 10 there")).to_be_visible()
    read = desk.channels("subscribe") - {"leaderboard"}  # which this scenario does not have
    assert {"top:*", "greeks:*", "market", "underlyings"} <= read

    hide(page, hidden=True)
    while not desk.channels("unsubscribe"):
        page.evaluate("1")  # what was sent is heard of while something else is asked
    assert desk.channels("unsubscribe") == read
    maker.order("sell", 7, 100.02)
    desk.sent.clear()

    hide(page, hidden=False)
    expect(page.get_by_role("button", name="Sell at 100.02, 7 there")).to_be_visible()
    expect(panel(page, "Open orders")).to_contain_text("7 / 7")
    assert desk.channels("subscribe") == read


def hide(page, *, hidden):
    """As a browser does for a tab behind another; one without a window shows all its tabs."""
    page.evaluate(
        """hidden => {
            Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )
