"""A person trades on the floor: by the ladder, by the ticket, by one key; and reads what came of it."""

import pytest
from playwright.sync_api import expect
from screens_stage import OPTION, Trader, panel, rows
from served_exchange import ServedExchange


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with ServedExchange(tmp_path_factory.mktemp("trading") / "data") as server:
        yield server


@pytest.fixture
def maker(server):
    """Ten contracts on each of three prices a side, of another team; gone after the test."""
    maker = Trader(server, "market_maker")
    for cents in (2, 4, 6):
        maker.order("buy", 10, 100 - cents / 100)
        maker.order("sell", 10, 100 + cents / 100)
    yield maker
    maker.cancel_all()


@pytest.fixture
def trader(server):
    trader = Trader(server, "hedge_fund")
    yield trader
    trader.cancel_all()


def test_a_click_on_the_ladder_is_asked_about_once_and_fills(server, desk, maker, trader):
    page = desk.open(server.url)
    page.get_by_role("button", name="Log in").click()
    page.get_by_label("Key of your team").fill(trader.key)
    page.get_by_role("dialog").get_by_role("button", name="Log in").click()
    expect(page.get_by_role("banner")).to_contain_text(trader.name)

    page.get_by_role("button", name="Buy at 100.02").click()
    question = page.get_by_role("dialog", name="Is this right?")
    expect(question).to_contain_text("buy 1 SPX_CALL_4500_20240315 at 100.02, day?")
    question.get_by_label("Do not ask again").check()
    question.get_by_role("button", name="Buy").click()

    expect(rows(page, "Fills")).to_have_count(1)
    expect(rows(page, "Fills")).to_contain_text(["100.02"])
    expect(rows(page, "Positions")).to_contain_text(["SPX_CALL_4500_20240315"])
    expect(page.get_by_role("list", name="Verdicts")).to_contain_text("accepted")

    page.get_by_role("button", name="Sell at 99.98").click()
    expect(rows(page, "Fills")).to_have_count(2)
    expect(rows(page, "Fills").first).to_contain_text("sell")
    assert [fill["side"] for fill in trader.ask("GET", "/fills")["fills"]] == ["buy", "sell"]


def test_the_ticket_places_what_is_typed_and_a_refusal_says_why(server, desk, maker, trader):
    page = desk.open(server.url, key=trader.key)
    page.get_by_label("ask before each order").uncheck()
    page.get_by_role("button", name="5", exact=True).click()
    page.get_by_label("Price", exact=True).fill("99.97")
    page.get_by_role("button", name="Buy", exact=True).click()
    expect(rows(page, "Open orders")).to_contain_text(["5 / 5"])
    expect(page.get_by_role("button", name="Cancel own buy of 5 at 99.97")).to_be_visible()

    verdicts = page.get_by_role("list", name="Verdicts")
    page.get_by_label("Price", exact=True).fill("99.975")
    page.get_by_role("button", name="Buy", exact=True).click()
    expect(verdicts.get_by_role("listitem").first).to_contain_text("refused")
    expect(verdicts.get_by_role("listitem").first).to_contain_text("0.01")
    expect(rows(page, "Open orders")).to_have_count(1)


def test_an_order_is_dragged_to_another_price_and_cancelled_by_a_click(server, desk, maker, trader):
    trader.order("buy", 7, 99.95)
    page = desk.open(server.url, key=trader.key)
    page.get_by_label("ask before each order").uncheck()
    mine = page.get_by_role("button", name="Cancel own buy of 7 at 99.95")
    mine.drag_to(page.get_by_role("button", name="Buy at 99.97"))
    moved = page.get_by_role("button", name="Cancel own buy of 7 at 99.97")
    expect(moved).to_be_visible()
    expect(mine).to_have_count(0)
    expect(panel(page, "Open orders").get_by_role("spinbutton")).to_have_value("99.97")
    assert [order["price"] for order in trader.ask("GET", "/orders")["orders"]] == [99.97]

    moved.click()
    expect(panel(page, "Open orders")).to_contain_text("No open orders")
    assert trader.ask("GET", "/orders")["orders"] == []


def test_one_key_cancels_all(server, desk, maker, trader):
    for cents in (3, 5, 7):
        trader.order("buy", 1, 100 - cents / 100)
    page = desk.open(server.url, key=trader.key)
    expect(rows(page, "Open orders")).to_have_count(3)
    page.get_by_label("Price", exact=True).press("x")  # a letter that is typed is none
    page.get_by_role("heading", name="Trading floor").click()
    page.keyboard.press("x")
    expect(panel(page, "Open orders")).to_contain_text("No open orders")
    assert trader.ask("GET", "/orders")["orders"] == []


def test_a_spectator_sees_the_market_and_trades_nothing(server, desk, maker):
    page = desk.open(server.url)
    expect(page.get_by_role("button", name=f"{OPTION}, bid 99.98")).to_be_visible()
    expect(page.get_by_role("button", name="Buy at 99.98, 10 there")).to_be_disabled()
    expect(page.get_by_role("region", name="Order", exact=True)).to_have_count(0)
