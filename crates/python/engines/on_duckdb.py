"""The plans on DuckDB, in SQL."""

import duckdb
import library
import refrain
from library import MAX_BUCKET, NEAR

OVERLAP = duckdb.struct_type(
    dict.fromkeys(["first_shingles", "second_shingles", "common_shingles"], "BIGINT")
    | dict.fromkeys(["similarity", "containment"], "DOUBLE")
)


def connect(folder):
    connection = duckdb.connect()
    for name, function, parameters, result in [
        ("fingerprints", lambda text: refrain.fingerprints(text), ["VARCHAR"], "BLOB[]"),
        (
            "remove_segments",
            lambda text, numbers: refrain.remove(text, segments=numbers),
            ["VARCHAR", "BIGINT[]"],
            "VARCHAR",
        ),
        ("near_keys", lambda text: NEAR.keys(text), ["VARCHAR"], "BIGINT[]"),
        ("verify", lambda a, b: NEAR.verify(a, b), ["VARCHAR", "VARCHAR"], OVERLAP),
    ]:
        connection.create_function(
            name, function, parameters, result, type="arrow", null_handling="special"
        )
    connection.execute(f"CREATE VIEW docs AS SELECT * FROM '{folder}/docs/*.parquet'")
    return connection


def exact(folder):
    connection = connect(folder)
    connection.execute("""
        CREATE TABLE segments AS
        SELECT doc, unnest(prints) AS fingerprint, generate_subscripts(prints, 1) - 1 AS number
        FROM (SELECT doc, fingerprints(text) AS prints FROM docs);
        CREATE TABLE drops AS
        SELECT doc, list(number ORDER BY number) AS numbers
        FROM segments
        JOIN (SELECT fingerprint, min(doc) AS first FROM segments GROUP BY fingerprint)
        USING (fingerprint) WHERE doc > first GROUP BY doc
    """)
    query = (
        "SELECT remove_segments(text, numbers) FROM docs LEFT JOIN drops USING (doc) ORDER BY doc"
    )
    clean = [text for (text,) in connection.sql(query).fetchall()]
    (counts,) = connection.sql("SELECT sum(len(numbers))::BIGINT, count(*) FROM drops").fetchall()
    return library.exact_answer(clean, *counts)


def near(folder):
    connection = connect(folder)
    connection.execute(f"""
        CREATE TABLE keys AS SELECT doc, unnest(near_keys(text)) AS key FROM docs;
        CREATE TABLE sizes AS SELECT key, count(*) AS docs FROM keys GROUP BY key HAVING docs > 1;
        CREATE TABLE pairs AS
        SELECT DISTINCT a.doc AS first, b.doc AS second
        FROM sizes JOIN keys AS a USING (key) JOIN keys AS b USING (key)
        WHERE sizes.docs <= {MAX_BUCKET} AND a.doc < b.doc
    """)
    found = connection.sql("""
        SELECT first, second, verify(a.text, b.text) AS overlap
        FROM pairs JOIN docs AS a ON a.doc = first JOIN docs AS b ON b.doc = second
    """).to_arrow_table()
    truncated = f"SELECT count(*) FROM sizes WHERE docs > {MAX_BUCKET}"
    ((truncated,),) = connection.sql(truncated).fetchall()
    ((documents,),) = connection.sql("SELECT count(*) FROM docs").fetchall()
    overlaps = found["overlap"]
    clusters = NEAR.cluster_of_pairs(documents, found["first"], found["second"], overlaps)
    return library.near_answer(clusters, len(overlaps) - overlaps.null_count, truncated)


if __name__ == "__main__":
    library.run("DuckDB", exact, near)
