"""The examples of the README and of the guide."""

import datafusion
import duckdb
import pandas
import polars as pl
import pyarrow as pa
import refrain
from documentation import GUIDE, README, examples, recipe
from texts import CLEAN, DOUBLED, PAGE, SINGLE


def test_the_examples_of_the_readme(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {}
    for code in examples(README):
        exec(code, names)
    assert len(examples(README)) == 2
    assert capsys.readouterr().out.count("Tickets cost") == 2


def test_threads_and_policies():
    threads, policies, *_ = examples(GUIDE)
    names = {"refrain": refrain, "column": pa.chunked_array([[DOUBLED], [SINGLE]]), "page": PAGE}
    exec(threads, names)
    assert [chunk.to_pylist() for chunk in names["chunks"]] == [[CLEAN], [SINGLE]]
    exec(policies, names)
    assert names["policy"] == refrain.Policy("default+box-far")


def test_recipes():
    names = {"refrain": refrain, "page": DOUBLED, "pandas": pandas, "pl": pl, "pa": pa}
    names |= {"frame": pandas.DataFrame({"text": [DOUBLED]}), "datafusion": datafusion}
    exec(recipe("pandas"), names)
    assert names["frame"].loc[0, "clean"] == CLEAN

    names["frame"] = pl.DataFrame({"text": [DOUBLED]})
    names["result"] = None
    exec(recipe("polars").replace("frame.", "result = frame.", 1), names)
    assert names["result"]["text"].to_list() == [CLEAN]

    names["table"] = pa.table({"text": [SINGLE, DOUBLED, None]})
    exec(recipe("pyarrow"), names)
    assert names["numbers"].to_pylist() == [1]
    assert names["rows"][0]["reason"].as_py() == "document"

    names["connection"] = duckdb.connect()
    exec(recipe("DuckDB"), names)
    query = "SELECT clean(text) FROM (VALUES ($1)) AS texts (text)"
    assert names["connection"].execute(query, [DOUBLED]).fetchall() == [(CLEAN,)]

    names["context"] = datafusion.SessionContext()
    exec(recipe("DataFusion"), names)
    batch = pa.record_batch({"text": [DOUBLED]})
    names["context"].register_record_batches("texts", [[batch]])
    (result,) = names["context"].sql("SELECT clean(text) AS text FROM texts").collect()
    assert result["text"].to_pylist() == [CLEAN]

    exec(recipe("Scrapy"), names)
    assert "refrain.scrapy.CleanPipeline" in names["ITEM_PIPELINES"]
