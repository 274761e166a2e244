"""Packages that read what this one writes: datatrove, datasets, and the mixer of dolma."""

import json
import subprocess
import sys
from pathlib import Path

import datasets
import pytest
import refrain
from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from documentation import recipe
from mixer import documents, mix
from refrain.datatrove import CleanDocuments, RepetitionFilter
from texts import CLEAN, DOUBLED, SINGLE

TUTORIAL = Path(__file__).parents[2] / "tutorial.py"
LOOP = "The same line, again and again.\n" * 30


def test_a_pipeline_of_datatrove_in_several_tasks(tmp_path):
    (tmp_path / "in").mkdir()
    for number in range(3):
        texts = {"doubled": DOUBLED, "single": SINGLE, "loop": LOOP}
        lines = [{"id": f"{name}-{number}", "text": text} for name, text in texts.items()]
        path = tmp_path / "in" / f"{number}.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert "CleanDocuments()" in recipe("datatrove")
    LocalPipelineExecutor(
        [
            JsonlReader(str(tmp_path / "in")),
            RepetitionFilter(0.6, exclusion_writer=JsonlWriter(str(tmp_path / "dropped"))),
            CleanDocuments(refrain.Policy("scraper")),
            JsonlWriter(str(tmp_path / "out")),
        ],
        tasks=3,
        workers=2,
        logging_dir=str(tmp_path / "logs"),
    ).run()
    found = documents(tmp_path / "out")
    assert sorted(found) == sorted(
        f"{name}-{n}" for name in ("doubled", "single") for n in range(3)
    )
    assert found["doubled-1"]["text"] == CLEAN
    ((start, end, reason),) = found["doubled-1"]["metadata"]["refrain"]
    assert DOUBLED[:start] + DOUBLED[end:] == CLEAN and reason == "document"
    assert found["single-2"]["text"] == SINGLE
    assert found["single-2"]["metadata"]["refrain"] == []
    assert sorted(documents(tmp_path / "dropped")) == [f"loop-{n}" for n in range(3)]
    stats = json.loads((tmp_path / "logs" / "stats.json").read_text())
    step = next(stats for stats in stats if "clean documents" in stats["name"])
    assert step["stats"]["changed"] == 3 and step["stats"]["edits"] == 3


def test_wrong_settings_of_steps():
    with pytest.raises(ValueError, match="unknown policy `scrapper`"):
        CleanDocuments("scrapper")
    with pytest.raises(ValueError, match="1.5 is out of range"):
        RepetitionFilter(1.5)
    document = Document(text=SINGLE, id="a")
    CleanDocuments().clean(document)
    assert document.text is SINGLE


def test_documents_with_lone_surrogates_stay_as_they_are():
    text = DOUBLED + json.loads('"\\ud800"')
    document = Document(text=text, id="a")
    step, filter = CleanDocuments(), RepetitionFilter(0.0)
    assert list(step.run([document])) == [document]
    assert document.text is text and document.metadata["refrain"] == []
    assert list(filter.run([document])) == [document]
    assert step.stats.stats["surrogates"].total == filter.stats.stats["surrogates"].total == 1


def run(name, dataset):
    """Runs a recipe of the guide, and returns its dataset."""
    names = {"refrain": refrain, "dataset": dataset}
    exec(recipe(name).replace("dataset.", "result = dataset.", 1), names)
    return names["result"]


def test_datasets_map():
    dataset = datasets.Dataset.from_dict({"text": [DOUBLED, None, SINGLE]})
    clean = run("Hugging Face datasets, also", dataset)
    assert clean["text"][:] == [CLEAN, None, SINGLE]
    table = run("Hugging Face datasets, with", dataset)
    features = table.features["refrain_edits"]
    assert features.feature["reason"] == datasets.Value("string")
    assert table.with_format(None)[0]["refrain_edits"][0]["reason"] == "document"
    assert table.with_format(None)[1]["refrain_edits"] is None
    several = dataset.map(
        lambda batch: {"text": refrain.clean(batch["text"])}, batched=True, num_proc=2
    )
    assert several["text"][:] == [CLEAN, None, SINGLE]


def test_the_mixer_of_dolma_takes_what_the_tutorial_writes(tmp_path):
    subprocess.run([sys.executable, TUTORIAL, tmp_path], check=True, capture_output=True)
    mix(tmp_path / "mix.json")
    mixed = documents(tmp_path / "mixed")
    given = documents(tmp_path / "documents")
    # The near duplicate is left out, and the second body is cut exactly.
    assert sorted(mixed) == sorted(set(given) - {"b.example/ferry"})
    for name, line in mixed.items():
        assert line["text"] == refrain.clean(given[name]["text"], "scraper")
    assert len(mixed["a.example/storm"]["text"]) < len(given["a.example/storm"]["text"])
