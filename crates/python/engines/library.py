"""The answer of the library on one machine, and the part of a plan that runs on the driver."""

import hashlib
import json
import sys
import time
from itertools import chain
from pathlib import Path

import refrain

NEAR = refrain.Near(0.8)

# A bucket with more documents than this is truncated by the library. An engine leaves such a bucket
# out and counts it, because it has a square of candidates. If none is counted, no answer differs.
MAX_BUCKET = 256


def checksum(items):
    """Returns a checksum of texts or numbers in the order of the documents."""
    digest = hashlib.sha256()
    for item in items:
        digest.update(str(item).encode() + b"\xff")
    return digest.hexdigest()


def answer(texts):
    """Returns what every engine must find in a column of texts."""
    deduplicator = refrain.Deduplicator()
    seen = []
    for text in texts.to_pylist():
        statuses = deduplicator.insert(text)
        seen.append([number for number, status in enumerate(statuses) if not status.is_new])
    clean = refrain.remove(texts, segments=seen)
    clusters = NEAR.cluster(texts)
    pairs = NEAR.pairs(texts)
    assert pairs.truncated_buckets == clusters.truncated_buckets == 0
    dropped = sum(map(len, seen))
    return {
        "exact": exact_answer(clean.to_pylist(), dropped, sum(map(bool, seen))),
        "near": near_answer(clusters, len(pairs.pairs), 0),
    }


def exact_answer(clean, segments, documents):
    """Returns the answer of an exact plan: the cleaned texts in order, the number of segments that
    are removed, and the number of documents that have one."""
    return {"segments": segments, "documents": documents, "sha256": checksum(clean)}


def near_answer(clusters, pairs, truncated_buckets):
    """Returns the answer of a near plan: the clusters, the number of verified pairs, and the number
    of buckets that were left out because they are too large."""
    duplicates = [-1 if other is None else other for other in clusters.duplicate_of]
    return {
        "pairs": pairs,
        "duplicates": sum(other >= 0 for other in duplicates),
        "truncated_buckets": truncated_buckets,
        "sha256": checksum(chain(duplicates, (f"{value:.12f}" for value in clusters.similarity))),
    }


def pairs_of(docs):
    """Returns the pairs of the documents in a bucket, the lower number first."""
    docs = sorted(docs)
    return [(a, b) for at, a in enumerate(docs) for b in docs[at + 1 :]]


def run(engine, exact, near):
    """Runs the plans of an engine on the corpus in the folder that the command line names, compares
    their answers with those of the library, and prints a line of JSON."""
    folder = Path(sys.argv[1])
    expected = json.loads((folder / "answer.json").read_text())
    found, seconds = {}, {}
    for name, plan in (("exact", exact), ("near", near)):
        start = time.perf_counter()
        found[name] = plan(folder)
        seconds[name] = round(time.perf_counter() - start, 1)
    is_equal = found == expected
    line = {"engine": engine, "equal": is_equal, "seconds": seconds}
    print(json.dumps(line if is_equal else line | {"found": found, "expected": expected}))
    sys.exit(not is_equal)
