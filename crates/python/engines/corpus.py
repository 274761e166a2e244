"""Writes the corpus that all engines read, and the answer of the library.

`python corpus.py FOLDER` writes 20,000 documents into eight files of Parquet in `docs`, with the
columns `doc` and `text`, and the answer into `answer.json`. Documents are numbered in the order in
which they are to be kept. The corpus is random, and the same at every run.
"""

import json
import random
import sys
from pathlib import Path

import library
import pyarrow as pa
import pyarrow.parquet as pq

DOCUMENTS = 20_000
FILES = 8
SITES = 100

SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "je",
    "ki",
    "lo",
    "mu",
    "na",
    "pe",
    "ri",
    "so",
    "tu",
    "va",
    "we",
    "xi",
    "yo",
    "zu",
    "ża",
    "łó",
    "né",
    "ßo",
    "渡",
    "轮",
]


def vocabulary(rng):
    words = {"".join(rng.choices(SYLLABLES, k=rng.randint(1, 4))) for _ in range(6_000)}
    return [*sorted(words), "🚢", "«ż»"]


def body(rng, words):
    """Returns the lines of a new document, each a list of words."""
    return [rng.choices(words, k=rng.randint(6, 24)) for _ in range(rng.randint(4, 22))]


def edited(rng, words, lines):
    """Returns a copy of a document in which some words are replaced, and a line may be missing."""
    share = rng.choice([0.002, 0.005, 0.01, 0.02, 0.05])
    copy = [
        [rng.choice(words) if rng.random() < share else word for word in line] for line in lines
    ]
    if rng.random() < 0.3:
        copy.pop(rng.randrange(len(copy)))
    return copy


def texts():
    """Yields the texts: 8 % are copies of earlier ones, and 17 % are edited copies. The pages of a
    site begin and end with the same lines."""
    rng = random.Random(7)
    words = vocabulary(rng)
    sites = [[rng.choices(words, k=rng.randint(2, 9)) for _ in range(4)] for _ in range(SITES)]
    bodies = []
    for number in range(DOCUMENTS):
        if number % 1_000 == 999:
            yield ""
            continue
        kind = rng.random()
        if bodies and kind < 0.08:
            lines = rng.choice(bodies)
        elif bodies and kind < 0.25:
            lines = edited(rng, words, rng.choice(bodies))
        else:
            lines = body(rng, words)
            bodies.append(lines)
        site = rng.choice(sites)
        yield "\n".join(" ".join(line) for line in [*site[:2], *lines, *site[2:]]) + "\n"


def main():
    folder = Path(sys.argv[1])
    docs = folder / "docs"
    docs.mkdir(parents=True, exist_ok=True)
    table = pa.table({"doc": pa.array(range(DOCUMENTS), pa.int64()), "text": list(texts())})
    size = DOCUMENTS // FILES
    for part in range(FILES):
        pq.write_table(table.slice(part * size, size), docs / f"part-{part}.parquet")
    answer = library.answer(table["text"])
    (folder / "answer.json").write_text(json.dumps(answer, indent=1) + "\n")
    print(f"{DOCUMENTS} documents, {table['text'].nbytes / 1e6:.1f} MB: {json.dumps(answer)}")


if __name__ == "__main__":
    main()
