"""What a strict type checker says of a bot's code."""

import json
import subprocess
import sys
from pathlib import Path


def errors_in(folder):
    """What a strict type checker finds in a folder, as `file:line text`."""
    config = {"include": ["."], "typeCheckingMode": "strict", "pythonVersion": "3.11"}
    (folder / "pyrightconfig.json").write_text(json.dumps(config))
    command = [sys.executable, "-m", "basedpyright", "--project", folder, "--pythonpath", sys.executable]
    done = subprocess.run([*command, "--outputjson"], check=False, capture_output=True, text=True)
    found = json.loads(done.stdout)
    assert found["summary"]["filesAnalyzed"] == len(list(folder.glob("*.py")))
    return [
        f"{Path(each['file']).name}:{each['range']['start']['line'] + 1} {each['message']}"
        for each in found["generalDiagnostics"]
    ]
