"""Columns of pandas, polars and numpy, and functions inside DuckDB and DataFusion."""

import datafusion
import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import refrain
from texts import CLEAN, DOUBLED, SINGLE

TEXTS = [DOUBLED, None, SINGLE, ""]
CLEANED = [CLEAN, None, SINGLE, ""]


def test_numbers_of_pandas_may_not_be_null():
    near = refrain.Near()
    assert near.cluster([SINGLE, SINGLE], keep=pd.Series([1, 0])).duplicate_of == [1, None]
    numbers = pd.Series([1, None], dtype="Int64")
    with pytest.raises(ValueError, match="`keep`, row 1: expected an integer, found null"):
        near.cluster([SINGLE, SINGLE], keep=numbers)
    with pytest.raises(ValueError, match="`documents`, row 1: expected an integer, found null"):
        refrain.Deduplicator().dedup(["a", "b"], numbers)


def test_polars_series_come_back():
    series = pl.Series("text", TEXTS)
    clean = refrain.clean(series)
    assert isinstance(clean, pl.Series) and clean.name == "text" and clean.dtype == pl.String
    assert clean.to_list() == CLEANED
    assert refrain.clean(series[1:3]).to_list() == CLEANED[1:3]
    assert refrain.clean(pl.concat([series, series], rechunk=False)).to_list() == CLEANED * 2
    assert refrain.fingerprints(series).dtype == pl.List(pl.Binary)
    segments = refrain.segments(series)
    assert segments.list.len().to_list() == [5, None, 2, 0]
    assert refrain.remove(series, spans=refrain.edits(series)).to_list() == CLEANED
    assert refrain.clean(series.cast(pl.Categorical)).to_list() == CLEANED
    assert refrain.clean(pl.Series("text", [], pl.String)).to_list() == []
    assert refrain.clean(pl.Series("text", [None, None])).to_list() == [None, None]
    with pytest.raises(TypeError, match="found Int64"):
        refrain.clean(pl.Series([1]))


def test_data_frames_are_errors():
    for frame in (pl.DataFrame({"text": TEXTS}), pd.DataFrame({"text": TEXTS})):
        with pytest.raises(TypeError, match="expected a column, found a DataFrame of p"):
            refrain.clean(frame)
        with pytest.raises(TypeError, match="expected a column, found a DataFrame of p"):
            refrain.Near().cluster(frame)
    with pytest.raises(TypeError, match="found a LazyFrame of polars"):
        refrain.clean(pl.LazyFrame({"text": TEXTS}))


def test_polars_expressions():
    frame = pl.DataFrame({"text": TEXTS})
    expression = pl.col("text").map_batches(refrain.clean, return_dtype=pl.String)
    assert frame.with_columns(expression)["text"].to_list() == CLEANED
    assert frame.lazy().with_columns(expression).collect()["text"].to_list() == CLEANED


@pytest.mark.parametrize("dtype", ["object", "str", "string[pyarrow]", "string[python]"])
def test_pandas_series_come_back(dtype):
    series = pd.Series(TEXTS, index=[3, 4, 5, 6], name="text", dtype=dtype)
    clean = refrain.clean(series)
    assert isinstance(clean, pd.Series) and clean.dtype == series.dtype
    assert clean.name == "text" and list(clean.index) == [3, 4, 5, 6]
    assert clean[[3, 5, 6]].tolist() == [CLEAN, SINGLE, ""] and clean.isna()[4]
    segments = refrain.segments(series)
    assert segments[3] == refrain.segments(DOUBLED) and segments[4] is None
    assert refrain.fingerprint(series, form="int64")[3] == refrain.fingerprint(
        DOUBLED, form="int64"
    )
    left = refrain.remove(series, spans=refrain.edits(series))
    assert left.dtype == series.dtype and left[3] == CLEAN


def test_pandas_missing_values_and_categories():
    for missing in (None, np.nan, pd.NA):
        clean = refrain.clean(pd.Series([DOUBLED, missing], dtype=object))
        assert clean[0] == CLEAN and clean[1] is None
    category = refrain.clean(pd.Series([DOUBLED, SINGLE], dtype="category"))
    assert category.tolist() == [CLEAN, SINGLE] and category.dtype == object
    assert refrain.clean(pd.Series([], dtype="str")).tolist() == []
    with pytest.raises(TypeError, match="row 0: expected a str or None, found int"):
        refrain.clean(pd.Series([1]))


def test_edits_and_segments_are_tables():
    edits = pd.DataFrame(refrain.edits(DOUBLED))
    assert edits.loc[0, "reason"] == "document"
    assert pl.DataFrame(refrain.segments(DOUBLED))["number"].to_list() == [0, 1, 2, 3, 4]


def test_numpy_arrays_of_strings_come_back_as_lists():
    assert refrain.clean(np.array([DOUBLED, SINGLE])) == [CLEAN, SINGLE]
    assert refrain.clean(np.array([DOUBLED, None], dtype=object)) == [CLEAN, None]


def test_duckdb_functions():
    connection = duckdb.connect()
    # DuckDB counts the parameters, so options are left out.
    clean = lambda texts: refrain.clean(texts)  # noqa: E731
    connection.create_function("clean", clean, ["VARCHAR"], "VARCHAR", type="arrow")
    texts = pa.table({"text": [DOUBLED, SINGLE, ""]})
    rows = connection.sql("SELECT clean(text) FROM texts").fetchall()
    assert [row for (row,) in rows] == [CLEAN, SINGLE, ""]
    assert texts.num_rows == 3
    column = connection.sql("SELECT text FROM texts").to_arrow_table()["text"]
    assert refrain.clean(column).to_pylist() == [CLEAN, SINGLE, ""]


def test_datafusion_functions():
    for kind in (pa.string(), pa.string_view(), pa.large_string()):
        context = datafusion.SessionContext()
        batch = pa.record_batch({"text": pa.array(TEXTS, kind)})
        context.register_record_batches("texts", [[batch]])
        context.register_udf(datafusion.udf(refrain.clean, [kind], kind, "immutable", name="clean"))
        (result,) = context.sql("SELECT clean(text) AS text FROM texts").collect()
        assert result["text"].to_pylist() == CLEANED
