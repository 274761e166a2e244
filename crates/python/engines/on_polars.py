"""The plans on polars."""

import library
import polars as pl
import refrain
from library import MAX_BUCKET, NEAR


def read(folder):
    return pl.read_parquet(folder / "docs/*.parquet").sort("doc")


def exact(folder):
    docs = read(folder)
    segments = docs.select("doc", segment=refrain.segments(docs["text"]))
    segments = segments.explode("segment").drop_nulls().unnest("segment")
    firsts = segments.group_by("fingerprint").agg(first=pl.col("doc").min())
    drops = (
        segments.join(firsts, on="fingerprint")
        .filter(pl.col("doc") > pl.col("first"))
        .group_by("doc")
        .agg(pl.col("number").sort())
    )
    docs = docs.join(drops, on="doc", how="left", maintain_order="left")
    clean = refrain.remove(docs["text"], segments=docs["number"])
    return library.exact_answer(clean, drops["number"].list.len().sum(), len(drops))


def near(folder):
    docs = read(folder)
    keys = docs.select("doc", key=NEAR.keys(docs["text"])).explode("key")
    buckets = keys.group_by("key").agg("doc").filter(pl.col("doc").list.len() > 1)
    truncated = buckets.filter(pl.col("doc").list.len() > MAX_BUCKET)
    keys = keys.join(buckets.join(truncated, on="key", how="anti"), on="key", how="semi")
    pairs = keys.join(keys, on="key").filter(pl.col("doc") < pl.col("doc_right"))
    pairs = pairs.select("doc", "doc_right").unique()
    texts = dict(docs.iter_rows())
    overlaps = NEAR.verify(
        pl.Series(map(texts.get, pairs["doc"])), pl.Series(map(texts.get, pairs["doc_right"]))
    )
    clusters = NEAR.cluster_of_pairs(len(docs), pairs["doc"], pairs["doc_right"], overlaps)
    return library.near_answer(clusters, len(overlaps.drop_nulls()), len(truncated))


if __name__ == "__main__":
    library.run("polars", exact, near)
