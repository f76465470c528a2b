"""Every page, in both themes, passes the rules of axe: names, roles, contrast, order of headings, keyboard."""

import json
import signal
from pathlib import Path

import pytest
from market_stage import half_hour
from playwright.sync_api import expect
from running_command import RunningCommand
from screens_stage import Organiser, Trader, rows
from served_exchange import ServedExchange

AXE = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
CALL_SPEED, SPEED = 100, 1
"""Before the opening, and after it."""

pytestmark = pytest.mark.skipif(not AXE.exists(), reason="axe is not installed: make web")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """An exchange amid a session, and a team with orders and fills."""
    folder = tmp_path_factory.mktemp("accessible")
    half_hour(folder, speed=CALL_SPEED)
    with ServedExchange(folder / "data", "--seed", "7", scenario=str(folder / "half_hour.toml")) as server:
        Organiser(server).open_market(SPEED)
        trader = Trader(server, "hedge_fund")
        trader.buy("SPY")
        trader.order("buy", 1, 400.0, "SPY")
        Organiser(server).ask("POST", "/admin/announce", {"text": "Good luck"})
        yield server, trader


@pytest.fixture(scope="module")
def viewed(served):
    server, _ = served
    with RunningCommand("view", server.data, "--port", 0) as view:
        view.await_said("listening on")
        yield view.stdout.split("listening on ")[1].split()[0]
        view.signal(signal.SIGINT)
        view.wait()


def violations(page):
    """By rule, the places that break it; of the light theme and of the dark."""
    found = {}
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.evaluate(AXE.read_text("utf-8"))
        for rule in page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]:
            places = [f"{' '.join(map(str, node['target']))}: {node['html'][:120]}" for node in rule["nodes"]]
            found[f"{theme}: {rule['id']} ({rule['help']})"] = places[:5]
    return found


def check(page):
    found = violations(page)
    assert found == {}, json.dumps(found, indent=2)


def test_the_floor_of_a_spectator(served, desk):
    page = desk.open(served[0].url)
    expect(page.get_by_role("table").first).to_be_visible()
    check(page)


def test_the_floor_of_a_team_and_on_a_phone(served, desk):
    server, trader = served
    page = desk.open(server.url, key=trader.key)
    expect(rows(page, "Fills")).to_have_count(1)
    expect(rows(page, "Open orders")).to_have_count(1)
    check(page)
    page.set_viewport_size({"width": 390, "height": 800})
    check(page)


def test_the_projector(served, desk):
    page = desk.open(f"{served[0].url}/?view=projector", viewport={"width": 1920, "height": 1080})
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    check(page)


def test_the_login_dialog(served, desk):
    page = desk.open(served[0].url)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    check(page)


def test_the_console_before_and_after_the_login(served, desk):
    server, _ = served
    check(desk.open(f"{server.url}/organiser"))
    page = desk.open(f"{server.url}/organiser", organiser=Organiser(server).key)
    expect(page.get_by_role("region", name="Log of actions").get_by_role("listitem")).not_to_have_count(0)
    check(page)


def test_the_replay_and_its_page_at_an_exchange(served, viewed, desk):
    page = desk.open(viewed)
    expect(page.get_by_label("Moment", exact=True)).to_be_enabled()
    page.get_by_label("Team").select_option(index=1)
    check(page)
    check(desk.open(f"{served[0].url}/replay"))
