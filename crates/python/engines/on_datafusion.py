"""The plans on DataFusion, in SQL."""

import datafusion
import library
import pyarrow as pa
import refrain
from library import MAX_BUCKET, NEAR

TEXT = pa.string_view()
OVERLAP = pa.struct(
    [
        *((name, pa.int64()) for name in ("first_shingles", "second_shingles", "common_shingles")),
        *((name, pa.float64()) for name in ("similarity", "containment")),
    ]
)


def remove_segments(text, numbers):
    return refrain.remove(text, segments=numbers)


def connect(folder):
    context = datafusion.SessionContext()
    for name, function, parameters, result in [
        ("fingerprints", refrain.fingerprints, [TEXT], pa.list_(pa.binary())),
        ("remove_segments", remove_segments, [TEXT, pa.list_(pa.int64())], TEXT),
        ("near_keys", NEAR.keys, [TEXT], pa.list_(pa.int64())),
        ("verify", NEAR.verify, [TEXT, TEXT], OVERLAP),
    ]:
        context.register_udf(datafusion.udf(function, parameters, result, "immutable", name=name))
    context.register_parquet("docs", str(folder / "docs"), file_extension=".parquet")
    return context


def table(context, name, query):
    """Computes a query once, and names its result."""
    batches = context.sql(query).collect()
    context.register_record_batches(name, [batches])
    return pa.Table.from_batches(batches)


def exact(folder):
    context = connect(folder)
    table(
        context,
        "segments",
        """SELECT doc, unnest(prints) AS fingerprint,
            unnest(range(0, CAST(cardinality(prints) AS BIGINT))) AS number
        FROM (SELECT doc, fingerprints(text) AS prints FROM docs)""",
    )
    drops = table(
        context,
        "drops",
        """SELECT doc, array_agg(number ORDER BY number) AS numbers
        FROM segments JOIN (
            SELECT fingerprint AS seen, min(doc) AS first FROM segments GROUP BY fingerprint
        ) ON fingerprint = seen
        WHERE doc > first GROUP BY doc""",
    )
    clean = context.sql(
        """SELECT docs.doc AS doc, remove_segments(text, numbers) AS text
        FROM docs LEFT JOIN drops ON docs.doc = drops.doc ORDER BY docs.doc"""
    ).to_arrow_table()
    dropped = len(drops["numbers"].combine_chunks().flatten())
    return library.exact_answer(clean["text"].to_pylist(), dropped, len(drops))


def near(folder):
    context = connect(folder)
    table(context, "keys", "SELECT doc, unnest(near_keys(text)) AS key FROM docs")
    sizes = "SELECT key, count(*) AS size FROM keys GROUP BY key HAVING count(*) > 1"
    sizes = table(context, "sizes", sizes)
    found = context.sql(
        f"""SELECT first, second, verify(a.text, b.text) AS overlap
        FROM (
            SELECT DISTINCT a.doc AS first, b.doc AS second
            FROM sizes JOIN keys AS a ON a.key = sizes.key JOIN keys AS b ON b.key = sizes.key
            WHERE sizes.size <= {MAX_BUCKET} AND a.doc < b.doc
        ) JOIN docs AS a ON a.doc = first JOIN docs AS b ON b.doc = second"""
    ).to_arrow_table()
    truncated = sum(size > MAX_BUCKET for size in sizes["size"].to_pylist())
    (documents,) = context.sql("SELECT count(*) AS count FROM docs").to_arrow_table()["count"]
    overlaps = found["overlap"]
    first, second = found["first"], found["second"]
    clusters = NEAR.cluster_of_pairs(documents.as_py(), first, second, overlaps)
    return library.near_answer(clusters, len(overlaps) - overlaps.null_count, truncated)


if __name__ == "__main__":
    library.run("DataFusion", exact, near)
