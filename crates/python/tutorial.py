"""A small corpus from JSONL to dolma attributes, step by step.

Run it with `python tutorial.py`, in an environment with `refrain` and `polars`. It writes into a
folder that is named on the command line, or into a temporary one.
"""

import gzip
import json
import sys
import tempfile
from pathlib import Path

import polars as pl
import refrain

folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp())
(folder / "documents").mkdir(parents=True, exist_ok=True)

# %% Write the pages of two sites, as a crawl would have left them, to have something to read.

HEAD = "Home | Timetable | Tickets\n"
FOOT = "Imprint and privacy of the harbor\n"
STORY = """The harbor ferry 🚢 sails again from Monday at nine, after two months in dock.
«Żółw», the old one, carries sixty people and more bicycles than cars, says the operator.
Tickets cost as much as before, and the timetable of last year is valid again.
"""
STORM = """A storm closed the harbor on Sunday night, and no ferry sailed before noon.
Two yachts were torn from their moorings and drifted against the eastern pier.
The harbor office expects the wind to drop on Tuesday, and the next crossing at ten.
"""
pages = [
    ("a.example/ferry", HEAD + STORY + FOOT),
    # The theme prints the body twice.
    ("a.example/storm", HEAD + STORM + STORM + FOOT),
    ("a.example/jobs", HEAD + "We look for a mate with experience in ice.\n" + FOOT),
    # The story of another site, with a word in front.
    ("b.example/ferry", "Ferries: " + STORY),
    ("b.example/empty", ""),
]
with gzip.open(folder / "documents/0.jsonl.gz", "wt", encoding="utf-8") as file:
    for name, text in pages:
        file.write(json.dumps({"id": name, "text": text, "source": "tutorial"}) + "\n")

# %% Read them.

with gzip.open(folder / "documents/0.jsonl.gz") as file:
    documents = pl.read_ndjson(file.read())
print(documents)

# %% Clean each page on its own. `edits` says what was removed, and why.

documents = documents.with_columns(
    clean=refrain.clean(documents["text"], "scraper"),
    edits=refrain.edits(documents["text"], "scraper"),
)
reasons = documents["edits"].explode().struct.field("reason").drop_nulls().value_counts()
print(reasons)
assert reasons["count"].sum() == 1

# %% Look at a page. In a notebook, the last line alone shows the report.

report = refrain.report(pages[1][1], "scraper")
report.save(folder / "report.html")
print(report)

# %% Find the boilerplate of each site.

documents = documents.with_columns(scope=pl.col("id").str.split("/").list.first())
index = refrain.Index()
index.insert_all(documents["id"], documents["clean"], scopes=documents["scope"])
boilerplate = index.boilerplate("a.example")
for segment in boilerplate.segments:
    print(f"in {segment.documents} of {boilerplate.documents} pages, first in {segment.example}")
assert len(boilerplate) == 2
without = pl.when(pl.col("scope") == "a.example").then(boilerplate.remove(documents["clean"]))
documents = documents.with_columns(clean=without.otherwise("clean"))

# %% Find near duplicates. The first page of a cluster is kept.

clusters = refrain.Near(0.8).cluster(documents["clean"])
documents = documents.with_columns(
    duplicate_of=pl.Series(clusters.duplicate_of, dtype=pl.Int64),
    similarity=pl.Series(clusters.similarity),
)
print(documents.select("id", "duplicate_of", "similarity"))
assert clusters.duplicate_of == [None, None, None, 0, None]
# No bucket was truncated, so no near duplicate was missed because of a full one.
assert clusters.truncated_buckets == 0

# %% Export attributes for `dolma mix`: a line for each document, in the same order. Offsets are in
# code points, as dolma counts.

(folder / "attributes/refrain").mkdir(parents=True, exist_ok=True)
with gzip.open(folder / "attributes/refrain/0.jsonl.gz", "wt", encoding="utf-8") as file:
    for row in documents.iter_rows(named=True):
        copies = [[removal["start"], removal["end"], 1.0] for removal in row["edits"] or []]
        attributes = {"refrain__refrain__copies": copies}
        if row["duplicate_of"] is not None:
            whole = [0, len(row["text"]), row["similarity"]]
            attributes["refrain__refrain__duplicate"] = [whole]
        line = {"id": row["id"], "attributes": attributes, "source": row["source"]}
        file.write(json.dumps(line) + "\n")

# %% The mixer of dolma takes the copies out, and leaves the duplicates out.

mix = {
    "streams": [
        {
            "name": "clean",
            "documents": [f"{folder}/documents/*.gz"],
            "attributes": ["refrain"],
            "output": {"path": f"{folder}/mixed", "max_size_in_bytes": 100_000_000},
            "filter": {
                "exclude": [
                    "$@.attributes[?(@.refrain__refrain__duplicate && "
                    "@.refrain__refrain__duplicate[0] && "
                    "@.refrain__refrain__duplicate[0][2] >= 0.8)]"
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
    ],
    "processes": 1,
}
(folder / "mix.json").write_text(json.dumps(mix))
print(f"run: dolma -c {folder}/mix.json mix")
