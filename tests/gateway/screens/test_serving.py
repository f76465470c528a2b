"""The screens as they are served: by `Accept`, zipped, unchanged, under a policy; and an exchange without them."""

import gzip
import json
import re

import pytest
from gateway_stage import Api, HandClock, seed_scenario

from openoutcry.gateway.app import build_app
from openoutcry.gateway.screens.files import read_screens

BROWSER = {"accept": "text/html,*/*;q=0.8", "host": "10.1.2.3:8000"}
SCRIPT = b"export const price = 1;\n" * 100


@pytest.fixture
def folder(tmp_path):
    """Built files, as the build names them."""
    (tmp_path / "assets").mkdir()
    for name in ("index", "organiser", "replay"):
        (tmp_path / f"{name}.html").write_text(f"<!doctype html><title>{name}</title>")
    (tmp_path / "assets" / "index-Btw_7wXS.js").write_bytes(SCRIPT)
    (tmp_path / "assets" / "licences.md").write_text("# Licences")
    (tmp_path / "assets" / "index-Btw_7wXS.js.map").write_text("{}")
    (tmp_path / "built-from.txt").write_text("0")
    return tmp_path


@pytest.fixture
async def served(open_on, folder):
    return Api(build_app(open_on(seed_scenario()), screens=read_screens(folder), monotonic=HandClock()))


@pytest.mark.parametrize(("path", "title"), [("/", "index"), ("/organiser", "organiser"), ("/replay", "replay")])
async def test_a_browser_gets_each_page(served, path, title):
    reply = await served.get(path, headers=BROWSER)
    assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert f"<title>{title}</title>" in reply.body.decode()


async def test_the_front_page_stays_json_for_other_clients(served):
    page = json.loads((await served.get("/", headers={"accept": "*/*"})).body)
    assert page["register"]["path"] == "/teams"
    assert {"/organiser", "/replay", "/docs"} <= page["links"].keys()


async def test_a_page_takes_nothing_from_elsewhere_and_runs_nothing_inline(served):
    policy = (await served.get("/", headers=BROWSER)).headers["content-security-policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["connect-src"] == "'self' ws://10.1.2.3:8000 wss://10.1.2.3:8000"
    assert rules["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy


async def test_a_host_that_is_no_name_is_not_written_into_the_policy(served):
    reply = await served.get("/", headers={**BROWSER, "host": "a.example; script-src *"})
    assert "script-src 'self';" in reply.headers["content-security-policy"]
    assert "a.example" not in reply.headers["content-security-policy"]


async def test_what_is_named_by_its_content_is_kept_and_pages_are_asked_for_again(served):
    asset = await served.get("/assets/index-Btw_7wXS.js")
    assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert asset.headers["content-type"] == "text/javascript; charset=utf-8"
    assert asset.body == SCRIPT
    for path in ("/", "/assets/licences.md"):
        assert (await served.get(path, headers=BROWSER)).headers["cache-control"] == "no-cache"


async def test_a_client_that_has_a_file_does_not_get_it_again(served):
    first = await served.get("/organiser", headers=BROWSER)
    again = await served.get("/organiser", headers={**BROWSER, "if-none-match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    assert "content-length" not in again.headers
    assert again.headers["etag"] == first.headers["etag"]
    other = await served.get("/organiser", headers={**BROWSER, "if-none-match": 'W/"other"'})
    assert other.status == 200


async def test_files_are_zipped_for_clients_that_say_so(served):
    reply = await served.get("/assets/index-Btw_7wXS.js", headers={"accept-encoding": "gzip, br"})
    assert reply.headers["content-encoding"] == "gzip"
    assert int(reply.headers["content-length"]) == len(reply.body) < len(SCRIPT)
    assert gzip.decompress(reply.body) == SCRIPT


@pytest.mark.parametrize("name", ["none.js", "index-Btw_7wXS.js.map", "..%2Findex.html", "built-from.txt"])
async def test_only_what_pages_load_is_served(served, name):
    assert (await served.get(f"/assets/{name}")).refusal == (404, "ROUTE_NOT_FOUND")


async def test_without_screens_every_page_says_what_is_missing(api):
    for path in ("/", "/organiser", "/replay"):
        page = (await api.get(path, headers=BROWSER)).body.decode()
        assert "The screens are missing" in page
        assert {"/docs", "/health"} <= set(re.findall(r'href="(/[^"]*)">', page))


async def test_a_folder_that_lacks_a_page_holds_no_screens(folder):
    (folder / "replay.html").unlink()
    assert read_screens(folder) is None
    assert read_screens(folder / "none") is None
