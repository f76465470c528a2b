"""`openoutcry world --from URL`: a competitor draws the world of a match that has ended, and compares it."""

import pytest
from command_line import assert_told, openoutcry, register, request
from fair_stage import short_scenario
from served_exchange import ServedExchange


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("short")
    short_scenario(folder)
    return folder


@pytest.fixture(scope="module")
def exchange(folder):
    with ServedExchange(folder / "data", scenario=folder / "short.toml") as exchange:
        yield exchange


def world(exchange, folder, *more):
    return openoutcry("world", "--from", exchange.url, "--scenario", folder / "short.toml", *more)


def conduct(exchange, what):
    key = "--url", exchange.url, "--key-file", exchange.data / "admin.key"
    assert openoutcry("admin", "session", what, *key).returncode == 0


def end(exchange):
    conduct(exchange, "end")
    while request(exchange, "GET", "/fairness")["data"]["seed"] is None:
        pass


def test_a_match_is_checked_once_its_seed_is_revealed(exchange, folder):
    register(exchange, "alpha", nonce="a-nonce-of-alpha")
    register(exchange, "beta", nonce="a-nonce-of-beta")
    conduct(exchange, "start")
    register(exchange, "gamma", nonce="a-nonce-too-late")
    assert_told(world(exchange, folder), 1, "the seed is not revealed yet")
    end(exchange)

    checked = world(exchange, folder, "--plot", folder / "out.svg")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert f"digest  {request(exchange, 'GET', '/fairness')['data']['world_digest']}" in checked.stdout
    assert "the seed is the one that was committed to" in checked.stdout
    assert "the exchange's world has the same digest" in checked.stdout
    assert "what an organiser's headlines changed is not in it" in checked.stdout
    assert (folder / "out.svg").exists()

    other = world(exchange, folder, "--opening", 4_600)
    assert other.returncode == 7
    assert "the exchange's world is ANOTHER" in other.stdout

    # A later session opens where the one before it ended.
    price = request(exchange, "GET", "/market")["data"]["underlyings"]["SPX"]
    conduct(exchange, "start")
    end(exchange)
    assert_told(world(exchange, folder), 2, "opened 2 times", "--opening")
    assert world(exchange, folder, "--opening", price).returncode == 0


def test_another_scenario_than_the_exchange_s_is_told(exchange):
    told, theirs = openoutcry("world", "--from", exchange.url), request(exchange, "GET", "/fairness")["data"]
    assert_told(told, 3, "the exchange has another scenario than intern", theirs["scenario_hash"])


def test_the_seed_is_not_chosen_where_one_was_revealed(exchange, folder):
    assert_told(world(exchange, folder, "--seed", 7), 2, "has revealed")


@pytest.mark.parametrize("words", [("world", "--from", "nowhere"), ("fairness", "show", "nowhere")])
def test_what_is_no_address_is_told(words):
    assert_told(openoutcry(*words), 2, "must look like")
