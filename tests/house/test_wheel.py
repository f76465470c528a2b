"""The wheel as somebody else installs it: the client alone by default, the exchange with the extra `[server]`."""

import json
import subprocess
import urllib.request
import zipfile

from served_exchange import ServedExchange

from openoutcry import __version__
from openoutcry.scenarios.loader import shipped_scenarios

SERVER_MODULES = ("starlette", "uvicorn", "uvloop", "websockets", "typer", "rich", "structlog", "numpy", "scipy")


def test_the_wheel_holds_the_package_with_its_types_scenarios_and_screens(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "openoutcry/py.typed" in names
    assert {f"openoutcry/scenarios/shipped/{name}.toml" for name in shipped_scenarios()} <= names
    assert {f"openoutcry/web/{page}.html" for page in ("index", "organiser", "replay")} <= names
    assert not [name for name in names if not name.startswith(("openoutcry/", f"openoutcry-{__version__}.dist-info/"))]


def test_the_base_install_has_the_client(base_install):
    result = base_install.run("-c", "import openoutcry.client; print(openoutcry.__version__)")
    assert (result.returncode, result.stdout.strip()) == (0, __version__), result.stderr


def test_the_base_install_has_the_example_bots(base_install):
    result = base_install.run("-m", "openoutcry.bots", "--help")
    assert result.returncode == 0, result.stderr
    assert "usage" in result.stdout.lower()


def test_the_base_install_holds_nothing_of_the_server(base_install):
    script = f"import importlib.util; print([m for m in {SERVER_MODULES} if importlib.util.find_spec(m)])"
    assert base_install.run("-c", script).stdout.strip() == "[]"


def test_the_command_of_a_base_install_says_how_to_get_the_server(base_install):
    result = subprocess.run([base_install.command, "serve"], capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 6
    assert "pip install 'openoutcry[server]'" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_base_install_is_enough_to_speak_to_an_exchange(base_install, server_install, tmp_path):
    with served(server_install, tmp_path) as exchange:
        script = f"from openoutcry.client import Client; print(Client.register({exchange.url!r}, 'wheel').team_id)"
        result = base_install.run("-c", script)
        assert (result.returncode, result.stdout.strip()) == (0, "TEAM_1"), result.stderr


def test_the_server_install_serves(server_install, tmp_path):
    with served(server_install, tmp_path) as exchange:
        health = json.load(urllib.request.urlopen(f"{exchange.url}/health", timeout=30))
    assert health["success"] is True
    assert health["data"]["version"] == __version__


def test_the_server_install_has_the_bench(server_install):
    command = [server_install.command, "bench", "--quick", "--only", "memory"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 0, result.stderr
    assert "memory per resting order" in result.stdout


def served(install, tmp_path):
    return ServedExchange(tmp_path / "data", command=(install.command,))
