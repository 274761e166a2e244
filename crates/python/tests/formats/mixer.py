"""The mixer of dolma, and the documents that it writes."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path


def documents(folder):
    """Returns the documents of compressed files, by their ids."""
    lines = []
    for path in sorted(folder.glob("*.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            lines += map(json.loads, file)
    found = {line["id"]: line for line in lines}
    assert len(found) == len(lines)
    return found


def mix(settings):
    """Runs the mixer with a file of settings."""
    dolma = Path(sys.executable).with_name("dolma")
    environment = os.environ | {"NO_COLOR": "1"}
    run = subprocess.run(
        [sys.executable, dolma, "-c", settings, "mix"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert run.returncode == 0, run.stderr


def mix_attributes(folder):
    """Mixes `folder/documents` with the attributes `refrain` beside it, and returns the result."""
    stream = {
        "name": "out",
        "documents": [f"{folder}/documents/*.gz"],
        "attributes": ["refrain"],
        "output": {"path": f"{folder}/mixed", "max_size_in_bytes": 100_000_000},
        "filter": {
            "exclude": [
                "$@.attributes[?(@.refrain__refrain__duplicate && "
                "@.refrain__refrain__duplicate[0] && @.refrain__refrain__duplicate[0][2] >= 0.5)]"
            ]
        },
        "span_replacement": [
            {
                "span": "$.attributes.refrain__refrain__copies",
                "min_score": 0.5,
                "replacement": "",
            }
        ],
    }
    (folder / "mix.json").write_text(json.dumps({"streams": [stream], "processes": 1}))
    mix(folder / "mix.json")
    return documents(folder / "mixed")
