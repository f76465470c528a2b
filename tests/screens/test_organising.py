"""An organiser conducts a session from the console, and a trader sees it on the floor."""

import pytest
from playwright.sync_api import expect
from screens_stage import Organiser, Trader, panel
from served_exchange import ServedExchange


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with ServedExchange(tmp_path_factory.mktemp("organising") / "data") as server:
        yield server


def test_a_halt_needs_a_reason_reaches_the_floor_and_is_lifted(server, desk):
    trader = Trader(server, "hedge_fund")
    floor = desk.open(server.url, key=trader.key)
    expect(floor.get_by_role("banner")).to_contain_text("continuous")

    page = desk.open(f"{server.url}/organiser")
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("Organiser's key").fill("not the key")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_contain_text("not the organiser's key")
    page.get_by_label("Organiser's key").fill(Organiser(server).key)
    page.get_by_role("button", name="Log in").click()

    panel(page, "Session").get_by_role("button", name="Halt trading").click()
    question = page.get_by_role("dialog", name="Halt trading?")
    question.get_by_role("button", name="Halt trading").click()
    expect(question).to_be_visible()  # without a reason nothing is done
    assert server.ask("GET", "/market")[1]["data"]["phase"] == "continuous"
    question.get_by_label("Reason").fill("Fire drill")
    question.get_by_role("button", name="Halt trading").click()
    expect(panel(page, "Session")).to_contain_text("halted")
    expect(floor.get_by_role("banner")).to_contain_text("halted")

    panel(page, "Session").get_by_role("button", name="Resume trading").click()
    page.get_by_role("dialog", name="Resume trading?").get_by_role("button", name="Resume trading").click()
    expect(floor.get_by_role("banner")).to_contain_text("continuous")
    log = panel(page, "Log of actions").get_by_role("listitem")
    expect(log).to_have_count(2)
    expect(log.last).to_contain_text("by Ada: “Fire drill”")
