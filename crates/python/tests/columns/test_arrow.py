"""Columns of pyarrow and of unknown libraries, and everything that can be wrong with one."""

from itertools import pairwise

import pyarrow as pa
import pytest
import refrain
from hypothesis import given, settings
from hypothesis import strategies as st
from texts import CLEAN, DOUBLED, SINGLE, STORIES, resident

TEXTS = [DOUBLED, None, SINGLE, ""]
CLEANED = [CLEAN, None, SINGLE, ""]
KINDS = [pa.string(), pa.large_string(), pa.string_view()]

FUNCTIONS = {
    "edits": refrain.edits,
    "fingerprint": refrain.fingerprint,
    "fingerprints": refrain.fingerprints,
    "segments": refrain.segments,
    "keys": refrain.Near().keys,
}


def plain(value):
    """Returns the answer to a list as Arrow returns the answer to a column."""
    if isinstance(value, refrain.Removal):
        row = value._asdict()
        copy, original = row.pop("copy"), row.pop("original")
        row |= {"copy_start": copy.start, "copy_end": copy.end}
        return row | {"original_start": original.start, "original_end": original.end}
    if hasattr(value, "_asdict"):
        return value._asdict()
    return [plain(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_every_kind_of_string_comes_back_as_it_was(kind):
    column = pa.array(TEXTS, kind)
    clean = refrain.clean(column)
    assert isinstance(clean, pa.Array) and clean.type == kind
    assert clean.to_pylist() == CLEANED
    clean.validate(full=True)
    for function in FUNCTIONS.values():
        answer = function(column)
        answer.validate(full=True)
        assert isinstance(answer, pa.Array) and answer.to_pylist() == plain(function(TEXTS))


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_slices_and_chunks(kind):
    column = pa.array(["cut off", *TEXTS, "cut off"], kind)
    assert refrain.clean(column[1:5]).to_pylist() == CLEANED
    chunked = pa.chunked_array([column[1:3], column[3:3], column[3:5]])
    clean = refrain.clean(chunked)
    assert isinstance(clean, pa.ChunkedArray) and clean.type == kind
    assert [len(chunk) for chunk in clean.chunks] == [2, 0, 2]
    assert clean.to_pylist() == CLEANED
    for function in FUNCTIONS.values():
        answer = function(chunked)
        assert isinstance(answer, pa.ChunkedArray) and answer.to_pylist() == plain(function(TEXTS))


@pytest.mark.parametrize("kind", KINDS[:2], ids=str)
def test_dictionaries_come_back_as_strings(kind):
    column = pa.array([DOUBLED, None, DOUBLED, SINGLE], kind).dictionary_encode()
    clean = refrain.clean(column)
    assert clean.type == kind and clean.to_pylist() == [CLEAN, None, CLEAN, SINGLE]
    # Also if nothing is removed: the type depends on the type of the column alone.
    assert refrain.clean(pa.array(["a"], kind).dictionary_encode()).type == kind
    assert refrain.clean(column[1:2]).to_pylist() == [None]
    with_null = pa.DictionaryArray.from_arrays(
        pa.array([0, 1, 1], pa.int8()), pa.array(["a", None])
    )
    assert refrain.clean(with_null).to_pylist() == ["a", None, None]


def test_a_column_without_repeats_is_the_same_object():
    column = pa.array([SINGLE, None])
    assert refrain.clean(column) is column
    assert refrain.remove(column, segments=[[], None]) is column


@pytest.mark.parametrize(
    "column",
    [pa.array([], pa.string()), pa.array([None, None], pa.string()), pa.nulls(3), pa.nulls(0)],
    ids=lambda column: f"{len(column)} {column.type}",
)
def test_empty_columns_and_columns_of_nulls(column):
    assert refrain.clean(column).to_pylist() == column.to_pylist()
    assert refrain.clean(column).type == pa.string()
    for function in FUNCTIONS.values():
        assert function(column).to_pylist() == column.to_pylist()


def test_columns_without_chunks():
    column = pa.chunked_array([], pa.string())
    assert refrain.clean(column).to_pylist() == []
    assert refrain.fingerprints(column).type == pa.list_(pa.binary())


def test_forms_of_fingerprints():
    column = pa.array(["To be", None])
    assert refrain.fingerprint(column, form="hex").type == pa.string()
    assert refrain.fingerprint(column, form="int64").type == pa.int64()
    assert refrain.fingerprint(column, form="int64")[0].as_py() == refrain.fingerprint(
        "To be", form="int64"
    )
    assert refrain.fingerprints(column, form="hex").type == pa.list_(pa.string())
    assert refrain.Near().keys(column).type == pa.list_(pa.int64())


class Stream:
    """An object with the interface and nothing else, whose capsule can be exported once."""

    def __init__(self, column):
        self.capsule = column.__arrow_c_stream__()

    def __arrow_c_stream__(self, requested_schema=None):
        return self.capsule


class Array:
    def __init__(self, *capsules):
        self.capsules = capsules

    def __arrow_c_array__(self, requested_schema=None):
        return self.capsules


def test_columns_of_unknown_libraries_come_back_as_arrow_arrays():
    column = Stream(pa.chunked_array([[DOUBLED], [None, SINGLE, ""]]))
    clean = refrain.clean(column)
    assert isinstance(clean, refrain.Column) and len(clean) == 4
    assert pa.array(clean).to_pylist() == CLEANED
    assert pa.array(refrain.edits(Array(*pa.array(TEXTS).__arrow_c_array__())))[0][0][
        "reason"
    ].as_py()
    assert "4 rows" in repr(clean)
    assert refrain.clean(clean) is clean
    assert pa.field(clean).type == pa.string()


def test_a_column_that_can_be_read_once_is_not_returned_after_it_was_read():
    clean = refrain.clean(Stream(pa.chunked_array([[SINGLE]])))
    assert isinstance(clean, refrain.Column)
    assert pa.array(clean).to_pylist() == [SINGLE]


def test_a_null_span_removes_nothing():
    spans = pa.StructArray.from_arrays(
        [pa.array([0]), pa.array([4])], ["start", "end"], mask=pa.array([True])
    )
    column = pa.array(["text of a line"])
    assert refrain.remove(column, spans=pa.ListArray.from_arrays([0, 1], spans)).equals(column)


def test_a_capsule_that_was_used_is_an_error():
    stream = Stream(pa.chunked_array([["a"]]))
    refrain.fingerprint(stream)
    with pytest.raises(ValueError, match="`arrow_array_stream` was used before"):
        refrain.fingerprint(stream)
    array = Array(*pa.array(["a"]).__arrow_c_array__())
    refrain.fingerprint(array)
    with pytest.raises(ValueError, match="was used before"):
        refrain.fingerprint(array)


@pytest.mark.parametrize(
    ("column", "error", "message"),
    [
        (pa.array([1, 2]), TypeError, "found Int64"),
        (pa.array([b"a"]), TypeError, "found Binary"),
        (pa.array([["a"]]), TypeError, "found List"),
        (pa.array([1]).dictionary_encode(), TypeError, "found Dictionary"),
        (pa.table({"text": ["a"]}), TypeError, "found Struct"),
        (pa.record_batch({"text": ["a"]}), TypeError, "found Struct"),
        (Array(1, 2), TypeError, "capsule named `arrow_schema`"),
        (Array(1), TypeError, "tuple of two capsules"),
        (Array(*reversed(pa.array(["a"]).__arrow_c_array__())), TypeError, "capsule named"),
        (pa.array([b"\xff"]).view(pa.string()), ValueError, "row 0: expected UTF-8"),
        (pa.array([b"\xff"]).cast(pa.binary_view()).view(pa.string_view()), ValueError, "UTF-8"),
        (pa.array([b"a", b"b\xff"]).view(pa.string()).dictionary_encode(), ValueError, "row 1: "),
    ],
)
def test_wrong_columns_are_errors(column, error, message):
    with pytest.raises(error, match=message):
        refrain.clean(column)


def test_errors_of_a_producer_are_passed_on():
    class Failing:
        def __arrow_c_stream__(self, requested_schema=None):
            raise RuntimeError("no data")

    with pytest.raises(RuntimeError, match="no data"):
        refrain.clean(Failing())

    def batches():
        yield pa.record_batch({"text": ["a"]})
        raise RuntimeError("lost")

    schema = pa.schema({"text": pa.string()})
    with pytest.raises((TypeError, ValueError)):
        refrain.clean(pa.RecordBatchReader.from_batches(schema, batches()))


def test_lists_to_remove_are_columns_too():
    texts = pa.array(["Home\nA storm.\nImprint", None, "Home\nA calm.\nImprint"])
    left = ["A storm.\n", None, "A calm.\n"]
    lists = [[0, 2], [0], [0, 2]]
    for kind in [pa.int8(), pa.uint32(), pa.int64(), pa.uint64()]:
        for of in [pa.list_, pa.large_list, pa.list_view]:
            column = pa.array(lists, of(kind))
            assert refrain.remove(texts, segments=column).to_pylist() == left
    fixed = pa.array([[0, 2], None, [0, 2]], pa.list_(pa.int64(), 2))
    assert refrain.remove(texts, segments=fixed).to_pylist() == left
    chunked = pa.chunked_array([pa.array(lists[:1]), pa.array(lists[1:])])
    assert refrain.remove(texts, segments=chunked).to_pylist() == left
    spans = refrain.segments(texts)
    assert refrain.remove(texts, spans=spans).to_pylist() == ["", None, ""]
    doubled = pa.array([DOUBLED, SINGLE])
    assert refrain.remove(doubled, spans=refrain.edits(doubled)).to_pylist() == [CLEAN, SINGLE]
    edits = refrain.edits(pa.array([DOUBLED + SINGLE, None, SINGLE, DOUBLED]))
    assert refrain.remove(pa.array([SINGLE, DOUBLED]), spans=edits[2:]).to_pylist() == [
        SINGLE,
        CLEAN,
    ]
    for nulls in (pa.nulls(3), pa.array([[], [None], None]), [[], [None], None]):
        assert refrain.remove(texts, segments=nulls).equals(texts)
        assert refrain.remove(texts, spans=nulls).equals(texts)
    with pytest.raises(TypeError, match="`segments`: expected lists of integers, found List"):
        refrain.remove(texts, segments=pa.array([["a"]] * 3))
    with pytest.raises(TypeError, match="`spans`: expected lists of spans"):
        refrain.remove(texts, spans=pa.array(lists))
    with pytest.raises(TypeError, match="`segments`: expected lists of integers, found Int64"):
        refrain.remove(texts, segments=pa.array([1, 2, 3]))
    with pytest.raises(ValueError, match="expected 3 rows, found 2"):
        refrain.remove(texts, segments=pa.array(lists[:2]))


LISTS = [pa.list_, pa.large_list, pa.list_view, pa.large_list_view]


@pytest.mark.parametrize(
    "of",
    [*LISTS, lambda item: pa.list_(item, 1)],
    ids=["list", "large_list", "list_view", "large_list_view", "fixed"],
)
def test_lists_of_every_kind_have_items_of_the_right_type(of):
    texts = pa.array(["Home\nA storm.\n"])
    ends = {"start": pa.int32(), "end": pa.uint64()}
    column = pa.array([[{"start": 0, "end": 5}]], of(pa.struct(ends)))
    assert refrain.remove(texts, spans=column).to_pylist() == ["A storm.\n"]
    column = pa.array([[0]], of(pa.int16()))
    assert refrain.remove(texts, segments=column).to_pylist() == ["A storm.\n"]
    # Also if no row is read.
    for rows in (texts, texts[:0]):
        for item in (pa.string(), pa.float64(), pa.struct(ends), pa.list_(pa.int64())):
            with pytest.raises(TypeError, match="`segments`: expected lists of integers, found"):
                refrain.remove(rows, segments=pa.nulls(len(rows), of(item)))
        for fields in (ends | {"end": pa.string()}, {"start": pa.int64()}):
            with pytest.raises(TypeError, match="`spans`: expected lists of spans with a `start`"):
                refrain.remove(rows, spans=pa.nulls(len(rows), of(pa.struct(fields))))


def test_pairs_of_an_engine():
    near = refrain.Near()
    first, second = pa.array([0, 0], pa.uint32()), pa.array([1, 2], pa.int16())
    texts = pa.array(STORIES)
    overlaps = near.verify(texts.take(first), texts.take(second))
    overlaps.validate(full=True)
    assert overlaps.is_null().to_pylist() == [True, False]
    assert overlaps[1]["similarity"].as_py() > 0.9
    clusters = near.cluster_of_pairs(3, first, second, overlaps)
    assert clusters[:3] == near.cluster(texts)[:3]
    assert near.cluster_of_pairs(3, first[1:], second[1:], overlaps[1:]) == clusters
    later = pa.concat_arrays([overlaps, overlaps])[1:3]
    assert near.cluster_of_pairs(3, first, second[::-1], later) == clusters
    assert near.cluster_of_pairs(3, first, second, pa.nulls(2)).kept == [0, 1, 2]
    empty = pa.nulls(0)
    assert near.cluster_of_pairs(3, empty, empty, empty).kept == [0, 1, 2]
    assert near.cluster(texts, keep=pa.array([1, 0, 0])).duplicate_of == [2, None, None]
    assert near.pairs(pa.chunked_array([texts])).pairs[0].second == 2
    with pytest.raises(TypeError, match="`overlaps`: expected structs"):
        near.cluster_of_pairs(3, first, second, first)
    with pytest.raises(ValueError, match="`first`, row 1: expected an integer, found null"):
        near.cluster_of_pairs(3, pa.array([0, None]), second, overlaps)
    with pytest.raises(TypeError, match="`ids`: expected a column of strings, found UInt32"):
        refrain.Index().insert_all(first, ["a", "b"])
    with pytest.raises(TypeError, match="`first`: expected a column of integers"):
        near.cluster_of_pairs(3, pa.array([0.5, 0.5]), second, overlaps)


def test_integers_that_are_too_large_are_errors():
    numbers = pa.array([1 << 63], pa.uint64())
    with pytest.raises(OverflowError, match="found 9223372036854775808"):
        refrain.Near().cluster(["a"], keep=numbers)
    with pytest.raises(OverflowError, match="found 9223372036854775808"):
        refrain.remove(pa.array(["a"]), segments=pa.array([[1 << 63]], pa.list_(pa.uint64())))


def test_memory_does_not_grow_over_many_columns():
    column = pa.chunked_array([[DOUBLED, None] * 50, [SINGLE] * 50])
    lists = refrain.edits(column)

    def calls(number):
        for _ in range(number):
            refrain.clean(column)
            refrain.segments(column)
            refrain.remove(column, spans=lists)

    calls(300)
    before = resident()
    calls(3_000)
    assert resident() - before < 8 << 20


def test_classes_take_columns():
    ids, texts = pa.array(["a", "b"]), pa.array([DOUBLED, SINGLE])
    index = refrain.Index()
    assert index.insert_all(ids, texts, scopes=ids) == ["new", "new"]
    passages = refrain.Passages(5)
    assert isinstance(passages.dedup_all(ids, texts), pa.Array)
    assert refrain.Deduplicator().dedup(pa.array(["a\n", "a\nb\n"])).to_pylist() == ["a\n", "b\n"]
    items = refrain.Contamination(3)
    items.add_all(ids, texts)
    items.scan_all(ids, texts)
    assert [item.share for item in items.report()] == [1.0, 1.0]


ROWS = st.lists(st.none() | st.text(max_size=8) | st.sampled_from([DOUBLED, SINGLE]), max_size=8)


@given(ROWS, st.sampled_from(KINDS), st.integers(0, 4), st.lists(st.integers(0, 8), max_size=3))
@settings(max_examples=200, deadline=None)
def test_a_column_is_answered_text_by_text(rows, kind, offset, cuts):
    column = pa.array(["before"] * offset + rows, kind)[offset:]
    ends = [0, *sorted(min(cut, len(rows)) for cut in cuts), len(rows)]
    chunks = [column[start:end] for start, end in pairwise(ends)]
    for same in (column, pa.chunked_array(chunks, kind)):
        assert refrain.clean(same).to_pylist() == refrain.clean(rows)
        for function in FUNCTIONS.values():
            assert function(same).to_pylist() == plain(function(rows))


INTEGERS = [getattr(pa, f"{sign}int{bits}")() for sign in ("", "u") for bits in (8, 16, 32, 64)]
ITEMS = st.none() | st.integers(0, 3)


@given(
    st.lists(st.none() | st.lists(ITEMS, min_size=2, max_size=2), max_size=6),
    st.sampled_from([*LISTS, lambda item: pa.list_(item, 2)]),
    st.sampled_from(INTEGERS),
    st.integers(0, 3),
)
@settings(max_examples=200, deadline=None)
def test_a_list_is_read_as_one_of_objects(rows, of, number, offset):
    texts = ["a\nb\nc\nd\n"] * len(rows)
    column = pa.array(texts, pa.string())

    def part(cut, values, of_values):
        return pa.array([cut] * offset + values + [cut], of_values)[offset : offset + len(values)]

    def span(start):
        return None if start is None else {"start": start, "end": start + 2}

    spans = [row and [span(start) for start in row] for row in rows]
    struct = pa.struct({"start": number, "end": number})
    for name, lists, cut, kind in (
        ("segments", rows, 1, number),
        ("spans", spans, span(0), struct),
    ):
        left = refrain.remove(texts, **{name: lists})
        # Rows before and after are cut off from the lists, or from their items.
        arrow = part([cut, cut], lists, of(kind))
        assert refrain.remove(column, **{name: arrow}).to_pylist() == left
        items = part(cut, [item for row in lists for item in row or [None, None]], kind)
        ends = range(0, 2 * len(rows) + 1, 2)
        arrow = pa.LargeListArray.from_arrays(pa.array(ends, pa.int64()), items)
        assert refrain.remove(column, **{name: arrow}).to_pylist() == left
        # The views of the rows are in another order than their items.
        starts, sizes = pa.array(ends[-2::-1], pa.int32()), pa.array([2] * len(rows), pa.int32())
        arrow = pa.ListViewArray.from_arrays(starts, sizes, items)
        assert refrain.remove(column, **{name: arrow}).to_pylist() == left[::-1]
        nulls = part(None, [row and [None, None] for row in rows], of(pa.null()))
        assert refrain.remove(column, **{name: nulls}).to_pylist() == texts


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("keys", INTEGERS, ids=str)
def test_slices_of_dictionaries(kind, keys):
    values = pa.array(["cut off", DOUBLED, None, SINGLE, "cut off"], kind)[1:4]
    column = pa.DictionaryArray.from_arrays(pa.array([1, 0, None, 0, 1, 2, 1], keys)[1:], values)
    clean = refrain.clean(column[1:5])
    assert clean.type == kind and clean.to_pylist() == [None, CLEAN, None, SINGLE]
    nulls = pa.DictionaryArray.from_arrays(pa.array([0, None, 0], keys), pa.nulls(1))
    assert refrain.clean(nulls[1:]).to_pylist() == [None, None]
