"""Files that the command `refrain` writes, in the packages for which it writes them.

Each result is that of the library. The script `test` builds the command.
"""

import gzip
import json
import os
import subprocess
from pathlib import Path

import datasets
import pytest
import refrain
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashDedupFilter
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from mixer import documents, mix_attributes
from texts import BODY, DOUBLED, MENU, PAGE, SINGLE, STORIES

FILES = 3


def texts():
    """Returns texts with repeats of every kind, of which some are empty."""
    for number in range(12):
        yield DOUBLED.replace("nine", f"{number} o'clock")
        yield PAGE + f"Page {number} 😀 of «12».\n"
        yield MENU + f"The pier {number} is closed – until Monday, they say.\r\n" + BODY
        yield ""
        yield f"{STORIES[number % 3]} {'Ahoy! ' * (number % 2)}"
        yield SINGLE * (1 + number % 2)
        yield f"Żółw {number}\n" + "A line that a template prints three times.\n" * 3


@pytest.fixture
def folder(tmp_path):
    """Returns a folder with the texts in several files, in order."""
    lines = [{"id": f"d{at}", "text": text, "source": "a"} for at, text in enumerate(texts())]
    (tmp_path / "documents").mkdir()
    size = -(-len(lines) // FILES)
    for number in range(FILES):
        path = tmp_path / f"documents/{number}.jsonl.gz"
        with gzip.open(path, "wt", encoding="utf-8") as file:
            for line in lines[number * size : (number + 1) * size]:
                # Half of the files have escapes in place of letters.
                file.write(json.dumps(line, ensure_ascii=number % 2 == 0) + "\n")
    return tmp_path


def run(folder, arguments):
    """Runs the command in a folder."""
    command = os.environ.get("REFRAIN_COMMAND", "")
    assert Path(command).is_file(), (
        "expected the path of the command `refrain` in the variable REFRAIN_COMMAND; the script "
        "`crates/python/test` builds the command and sets it"
    )
    done = subprocess.run(
        [command, *arguments.split()], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def expected(clean):
    """Returns the texts after a function that takes a list, by their ids, without null."""
    return {f"d{at}": text for at, text in enumerate(clean(list(texts()))) if text is not None}


def dedup(texts):
    """Returns texts without the lines of earlier ones, and null for those with nothing left."""
    left = refrain.Deduplicator(segmentation="lines").dedup(texts)
    return [
        None if text and not after.strip() else after
        for text, after in zip(texts, left, strict=True)
    ]


def distinct(texts):
    """Returns texts, and null for near duplicates of earlier ones."""
    kept = set(refrain.Near(0.8).cluster(texts).kept)
    return [text if at in kept else None for at, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("arguments", "clean"),
    [
        ("clean", refrain.clean),
        ("clean --policy scraper", lambda texts: refrain.clean(texts, "scraper")),
        ("dedup --granularity lines", dedup),
        ("near", distinct),
    ],
)
def test_the_mixer_of_dolma_takes_attributes(folder, arguments, clean):
    run(folder, f"{arguments} documents --write dolma -o attributes/refrain")
    found = {name: line["text"] for name, line in mix_attributes(folder).items()}
    assert found == expected(clean)
    # The command alone writes the same documents.
    run(folder, f"{arguments} documents -o out")
    assert {name: line["text"] for name, line in documents(folder / "out").items()} == found
    assert len(found) < 84 or found != expected(list)


def test_the_steps_of_several_jobs_are_one_run(folder):
    command = "dedup --granularity lines documents -o out --only"
    for step in ("map:2/2", "map:1/2", "reduce", "apply:2/2", "apply:1/2"):
        run(folder, f"{command} {step}")
    found = {name: line["text"] for name, line in documents(folder / "out").items()}
    assert found == expected(dedup)


def test_datatrove_removes_near_duplicates(folder):
    run(folder, "near documents --write datatrove -o clusters")
    LocalPipelineExecutor(
        [
            JsonlReader(str(folder / "documents")),
            MinhashDedupFilter(
                str(folder / "clusters"), load_cluster_ids=True, load_cluster_sizes=True
            ),
            JsonlWriter(str(folder / "out")),
        ],
        tasks=FILES,
        logging_dir=str(folder / "logs"),
    ).run()
    found = documents(folder / "out")
    # Its reader skips empty documents.
    kept = {name: text for name, text in expected(distinct).items() if text}
    assert {name: line["text"] for name, line in found.items()} == kept
    clusters = refrain.Near(0.8).cluster(list(texts()))
    for name, line in found.items():
        size = 1 + clusters.duplicate_of.count(int(name[1:]))
        assert line["metadata"]["minhash_cluster_size"] == size
        assert (line["metadata"]["minhash_cluster_id"] >= 0) == (size > 1)


def load(folder, name):
    """Reads files with datasets, as a user would."""
    files = sorted(str(path) for path in (folder / name).glob("*.gz"))
    return datasets.load_dataset(
        "json", data_files=files, split="train", cache_dir=str(folder / "cache")
    )


def test_datasets_reads_documents_edits_and_ids(folder):
    run(folder, "clean documents -o cleaned --policy scraper")
    cleaned = load(folder, "cleaned")
    assert dict(zip(cleaned["id"], cleaned["text"], strict=True)) == expected(
        lambda texts: refrain.clean(texts, "scraper")
    )

    run(folder, "clean documents -o edits --policy scraper --write edits")
    edits = load(folder, "edits")
    assert edits["id"][:] == list(expected(list))
    for text, row in zip(texts(), edits["edits"], strict=True):
        of_library = [
            {
                "start": removal.start,
                "end": removal.end,
                "original_start": removal.original.start,
                "original_end": removal.original.end,
                "reason": removal.reason,
            }
            for removal in refrain.edits(text, "scraper")
        ]
        assert row == of_library
        assert refrain.remove(text, spans=row) == refrain.clean(text, "scraper")
