"""The plans on Spark, and on Sail, which speaks Spark Connect.

`SPARK_REMOTE` is the address of a server of Spark Connect, such as that of Sail. Without it, Spark
runs in this process, or on the cluster whose address is `SPARK_MASTER`. The executors must find the
wheel: `PYSPARK_PYTHON` names the interpreter of its environment, by default that of this script.

Only numbers and fingerprints are shuffled: of a text, nothing but the join with the list of the
segments to remove, and the join of candidates with their texts.
"""

import os
import sys
from functools import partial

import library
import pyarrow as pa
import refrain
from library import MAX_BUCKET, NEAR, pairs_of
from pyspark.sql import SparkSession
from pyspark.sql import functions as F


def session():
    builder = SparkSession.builder.appName("refrain")
    if remote := os.environ.get("SPARK_REMOTE"):
        return builder.remote(remote).getOrCreate()
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = builder.master(os.environ.get("SPARK_MASTER", "local[2]"))
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "8",
        # A worker that does not answer is given up after ten seconds.
        "spark.executor.heartbeatInterval": "2s",
        "spark.network.timeout": "10s",
        "spark.network.timeoutInterval": "5s",
    }.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    # Executors elsewhere do not have the folder of this script.
    spark.sparkContext.addPyFile(library.__file__)
    return spark


def with_column(function, batches):
    """Replaces the column `text` of each batch by the answers of a function."""
    for batch in batches:
        yield pa.record_batch({"doc": batch["doc"], "answer": function(batch["text"])})


def remove_segments(batches):
    for batch in batches:
        text = refrain.remove(batch["text"], segments=batch["numbers"])
        yield pa.record_batch({"doc": batch["doc"], "text": text})


def pairs(batches):
    for batch in batches:
        found = [pair for docs in batch["docs"].to_pylist() for pair in pairs_of(docs)]
        first, second = [a for a, _ in found], [b for _, b in found]
        columns = {"first": pa.array(first, pa.int64()), "second": pa.array(second, pa.int64())}
        yield pa.record_batch(columns)


def verify(batches):
    for batch in batches:
        overlap = NEAR.verify(batch["text"], batch["other"])
        columns = {"first": batch["first"], "second": batch["second"], "overlap": overlap}
        yield pa.record_batch(columns)


OVERLAP = (
    "struct<first_shingles: long, second_shingles: long, common_shingles: long, "
    "similarity: double, containment: double>"
)


def exact(folder):
    docs = session().read.parquet(str(folder / "docs"))
    prints = docs.mapInArrow(
        partial(with_column, refrain.fingerprints), "doc long, answer array<binary>"
    )
    segments = prints.select("doc", F.posexplode("answer").alias("number", "fingerprint"))
    firsts = segments.groupBy("fingerprint").agg(F.min("doc").alias("first"))
    drops = (
        segments.join(firsts, "fingerprint")
        .where("doc > first")
        .groupBy("doc")
        .agg(F.sort_array(F.collect_list("number")).alias("numbers"))
    )
    joined = docs.join(drops, "doc", "left")
    clean = joined.mapInArrow(remove_segments, "doc long, text string").toArrow().sort_by("doc")
    counts = drops.agg(F.sum(F.size("numbers")), F.count("doc")).first()
    return library.exact_answer(clean["text"].to_pylist(), *counts)


def near(folder):
    docs = session().read.parquet(str(folder / "docs"))
    keys = docs.mapInArrow(partial(with_column, NEAR.keys), "doc long, answer array<long>")
    buckets = (
        keys.select("doc", F.explode("answer").alias("key"))
        .groupBy("key")
        .agg(F.sort_array(F.collect_list("doc")).alias("docs"))
        .where("size(docs) > 1")
    )
    truncated = buckets.where(f"size(docs) > {MAX_BUCKET}").count()
    candidates = (
        buckets.where(f"size(docs) <= {MAX_BUCKET}")
        .select("docs")
        .mapInArrow(pairs, "first long, second long")
        .distinct()
    )
    first = docs.withColumnRenamed("doc", "first")
    second = docs.withColumnsRenamed({"doc": "second", "text": "other"})
    joined = candidates.join(first, "first").join(second, "second")
    found = joined.mapInArrow(verify, f"first long, second long, overlap {OVERLAP}")
    found = found.where("overlap is not null").toArrow()
    clusters = NEAR.cluster_of_pairs(
        docs.count(), found["first"], found["second"], found["overlap"]
    )
    return library.near_answer(clusters, len(found), truncated)


if __name__ == "__main__":
    name = "Sail" if os.environ.get("SPARK_REMOTE") else "Spark"
    library.run(os.environ.get("ENGINE", name), exact, near)
