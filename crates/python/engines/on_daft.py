"""The plans on Daft.

Fingerprints are strings of digits, because a join on a column of bytes took 22 GB for a corpus of
this size in one release of Daft.
"""

import daft
import library
import refrain
from daft import DataType, col
from library import MAX_BUCKET, NEAR

NUMBERS = DataType.list(DataType.int64())
OVERLAP = DataType.struct(
    dict.fromkeys(["first_shingles", "second_shingles", "common_shingles"], DataType.int64())
    | dict.fromkeys(["similarity", "containment"], DataType.float64())
)


@daft.func.batch(return_dtype=DataType.list(DataType.string()))
def fingerprints(text: daft.Series):
    return refrain.fingerprints(text.to_arrow(), form="hex")


@daft.func.batch(return_dtype=NUMBERS)
def numbers(text: daft.Series):
    segments = refrain.segments(text.to_arrow()).to_pylist()
    return [[segment["number"] for segment in items] for items in segments]


@daft.func.batch(return_dtype=DataType.string())
def remove_segments(text: daft.Series, numbers: daft.Series):
    lists = [items and sorted(items) for items in numbers.to_pylist()]
    return refrain.remove(text.to_arrow(), segments=lists)


@daft.func.batch(return_dtype=NUMBERS)
def near_keys(text: daft.Series):
    return NEAR.keys(text.to_arrow())


@daft.func.batch(return_dtype=OVERLAP)
def verify(first: daft.Series, second: daft.Series):
    return NEAR.verify(first.to_arrow(), second.to_arrow())


def read(folder):
    return daft.read_parquet(str(folder / "docs/*.parquet"))


def exact(folder):
    docs = read(folder)
    segments = docs.select(
        "doc", fingerprints(col("text")).alias("fingerprint"), numbers(col("text")).alias("number")
    )
    segments = segments.explode("fingerprint", "number").where(col("fingerprint").not_null())
    firsts = segments.groupby("fingerprint").agg(col("doc").min().alias("first"))
    drops = (
        segments.join(firsts, on="fingerprint")
        .where(col("doc") > col("first"))
        .groupby("doc")
        .agg(col("number").list_agg().alias("numbers"))
        .collect()
    )
    joined = docs.join(drops, on="doc", how="left").sort("doc")
    clean = joined.select(remove_segments(col("text"), col("numbers")).alias("text"))
    dropped = sum(map(len, drops.to_pydict()["numbers"]))
    return library.exact_answer(clean.to_pydict()["text"], dropped, len(drops))


def near(folder):
    docs = read(folder)
    keys = docs.select("doc", near_keys(col("text")).alias("key")).explode("key").collect()
    sizes = keys.groupby("key").agg(col("doc").count().alias("size")).where(col("size") > 1)
    sizes = sizes.collect()
    keys = keys.join(sizes.where(col("size") <= MAX_BUCKET).select("key"), on="key")
    pairs = keys.select(col("key"), col("doc").alias("first")).join(
        keys.select(col("key"), col("doc").alias("second")), on="key"
    )
    pairs = pairs.where(col("first") < col("second")).select("first", "second").distinct()
    first = docs.select(col("doc").alias("first"), col("text").alias("first_text"))
    second = docs.select(col("doc").alias("second"), col("text").alias("second_text"))
    found = pairs.join(first, on="first").join(second, on="second")
    overlap = verify(col("first_text"), col("second_text")).alias("overlap")
    found = found.select("first", "second", overlap).to_pydict()
    clusters = NEAR.cluster_of_pairs(
        docs.count_rows(), found["first"], found["second"], found["overlap"]
    )
    pairs_found = sum(overlap is not None for overlap in found["overlap"])
    truncated = sizes.where(col("size") > MAX_BUCKET).count_rows()
    return library.near_answer(clusters, pairs_found, truncated)


if __name__ == "__main__":
    library.run("Daft", exact, near)
