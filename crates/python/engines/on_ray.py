"""The plans on Ray Data.

Keys are divided into `PARTS` groups by their value, and each group is one task, so that Ray does
not start a task for each of a million keys. The list of segments to remove, and the texts of
candidates, are in the store of objects.
"""

import os
from collections import defaultdict

os.environ.setdefault("RAY_AUTH_MODE", "disabled")

import library
import pyarrow as pa
import pyarrow.compute as pc
import ray
import refrain
from library import MAX_BUCKET, NEAR, pairs_of

PARTS = 16


def explode(batch, lists, name):
    """Returns a row for each item of the lists: the document, the number of the item, and the item,
    with the part that it belongs to."""
    lists = lists.combine_chunks() if isinstance(lists, pa.ChunkedArray) else lists
    docs = batch["doc"].combine_chunks().take(lists.value_parent_indices())
    numbers = [number for items in lists for number in range(len(items))]
    items = lists.flatten()
    parts = pc.bit_wise_and(items, PARTS - 1)
    return pa.table({"doc": docs, "number": numbers, name: items, "part": parts})


def fingerprints(batch):
    # Of a fingerprint, 64 bits are enough for 135,000 segments, and Ray groups by integers.
    return explode(batch, refrain.fingerprints(batch["text"], form="int64"), "fingerprint")


def keys(batch):
    return explode(batch, NEAR.keys(batch["text"]), "key")


def drops(group):
    """Returns the segments of a group that an earlier document has."""
    firsts = group.group_by("fingerprint").aggregate([("doc", "min")])
    joined = group.join(firsts, "fingerprint")
    return joined.filter(pc.greater(joined["doc"], joined["doc_min"])).select(["doc", "number"])


def candidates(group):
    """Returns the pairs of the buckets of a group, and a pair of -1 for each truncated one."""
    buckets = group.group_by("key").aggregate([("doc", "list")])["doc_list"].to_pylist()
    pairs = [pair for docs in buckets if len(docs) <= MAX_BUCKET for pair in pairs_of(docs)]
    pairs += [(-1, -1) for docs in buckets if len(docs) > MAX_BUCKET]
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    return pa.table({"first": pa.array(first, pa.int64()), "second": pa.array(second, pa.int64())})


def start():
    if not ray.is_initialized():
        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
        ray.data.DataContext.get_current().enable_progress_bars = False


def exact(folder):
    start()
    docs = ray.data.read_parquet(str(folder / "docs"))
    segments = docs.map_batches(fingerprints, batch_format="pyarrow")
    found = segments.groupby("part").map_groups(drops, batch_format="pyarrow")
    numbers = defaultdict(list)
    for row in found.iter_rows():
        numbers[row["doc"]].append(row["number"])
    shared = ray.put({doc: sorted(items) for doc, items in numbers.items()})

    def remove(batch):
        lists = ray.get(shared)
        lists = [lists.get(doc, []) for doc in batch["doc"].to_pylist()]
        return pa.table(
            {"doc": batch["doc"], "text": refrain.remove(batch["text"], segments=lists)}
        )

    clean = sorted(
        (row["doc"], row["text"])
        for row in docs.map_batches(remove, batch_format="pyarrow").iter_rows()
    )
    counts = sum(map(len, numbers.values())), len(numbers)
    return library.exact_answer((text for _, text in clean), *counts)


def near(folder):
    start()
    docs = ray.data.read_parquet(str(folder / "docs"))
    buckets = docs.map_batches(keys, batch_format="pyarrow").groupby("part")
    rows = buckets.map_groups(candidates, batch_format="pyarrow").iter_rows()
    pairs = [(row["first"], row["second"]) for row in rows]
    truncated = sum(pair == (-1, -1) for pair in pairs)
    pairs = sorted(set(pairs) - {(-1, -1)})
    shared = ray.put({row["doc"]: row["text"] for row in docs.iter_rows()})

    def verify(batch):
        texts = ray.get(shared)
        first, second = (
            [texts[doc] for doc in batch[name].to_pylist()] for name in batch.schema.names
        )
        overlap = NEAR.verify(pa.array(first), pa.array(second))
        return pa.table({"first": batch["first"], "second": batch["second"], "overlap": overlap})

    table = pa.table({"first": [a for a, _ in pairs], "second": [b for _, b in pairs]})
    found = ray.data.from_arrow(table).repartition(8).map_batches(verify, batch_format="pyarrow")
    rows = list(found.iter_rows())
    overlaps = [row["overlap"] for row in rows]
    first, second = [row["first"] for row in rows], [row["second"] for row in rows]
    clusters = NEAR.cluster_of_pairs(docs.count(), first, second, overlaps)
    return library.near_answer(clusters, sum(it is not None for it in overlaps), truncated)


if __name__ == "__main__":
    library.run(os.environ.get("ENGINE", "Ray"), exact, near)
