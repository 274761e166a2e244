"""The classes that remember texts."""

import os
import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest
import refrain
from texts import STORIES

PAGES = ["Home\nA storm.\nImprint", "Home\nA calm.\nImprint", "Home\nA breeze.\nImprint"]


def test_a_deduplicator_returns_the_first_document_of_each_segment():
    deduplicator = refrain.Deduplicator()
    assert all(segment.is_new for segment in deduplicator.insert("Menu\nA storm.\nImprint", 7))
    segments = deduplicator.insert("Menu\nŻ calm. 🚢\nImprint", 8)
    assert [segment.first_document for segment in segments] == [7, None, 7]
    assert segments[2].start == 15 and segments[2].byte_start == 19
    assert len(deduplicator) == 4


def test_a_deduplicator_removes_from_columns():
    deduplicator = refrain.Deduplicator()
    texts = ["Menu\nA storm.\n", None, "MENU\nA calm.\n", "Menu\n"]
    assert deduplicator.dedup(texts) == ["Menu\nA storm.\n", None, "A calm.\n", "\n"]
    # Numbers continue, so the next text is another document.
    assert deduplicator.dedup("Menu\nB\n") == "B\n"
    one = refrain.Deduplicator()
    assert one.dedup(["a\n", "a\n"], [5, 5]) == ["a\n", "a\n"]
    assert one.dedup(["a\nb\n"], documents=[6]) == ["b\n"]
    with pytest.raises(ValueError, match="expected 2 rows, found 1"):
        one.dedup(["a", "b"], [1])
    with pytest.raises(ValueError, match="row 1: expected 0 or more, found -1"):
        one.dedup(["a", "b"], [1, -1])
    with pytest.raises(ValueError, match="`documents`, row 1: expected an integer, found null"):
        one.dedup(["a", "b"], [1, None])


def test_a_deduplicator_has_no_number_after_the_last():
    deduplicator = refrain.Deduplicator()
    deduplicator.insert("a", 2**64 - 1)
    with pytest.raises(OverflowError, match="expected a number"):
        deduplicator.insert("b")
    with pytest.raises(ValueError, match="expected a number"):
        deduplicator.dedup("b")
    assert deduplicator.insert("b", 7)[0].is_new
    assert deduplicator.insert("b", 8)[0].first_document == 7


def test_an_index_finds_what_other_documents_have():
    index = refrain.Index()
    for number, page in enumerate(PAGES):
        result, insertion = index.query_and_insert(str(number), page, scope="a.example")
        assert insertion == "new"
        assert len(result.new) == 1
    assert len(index) == 3 and "0" in index and "7" not in index
    result = index.query("Żółw\nHome\nImprint\n", scope="a.example")
    assert result.document_counts == [0, 3, 3] == result.document_counts_in_scope
    assert [(span.start, span.end, span.byte_end) for span in result.new] == [(0, 4, 7)]
    run = result.runs[0]
    assert (run.document, run.scope, run.segments) == ("0", "a.example", (1, 2))
    assert PAGES[0].encode()[run.source.start : run.source.end] == b"Home"
    assert 0 < result.seen_share < 1
    assert index.query(PAGES[0], exclude="0").document_counts == [2, 0, 2]
    assert index.insert("0", PAGES[0], scope="a.example") == "unchanged"
    assert index.insert("0", "Other", scope="a.example") == "replaced"
    assert index.remove("0") and not index.remove("0")


def test_objects_show_how_much_they_hold():
    index, passages = refrain.Index(), refrain.Passages(2)
    index.insert("a", "b")
    passages.insert("a", "b c")
    assert repr(index) == "<refrain.Index of 1 documents>"
    assert repr(passages) == "<refrain.Passages of 1 documents>"
    assert repr(refrain.Deduplicator()) == "<refrain.Deduplicator of 0 segments>"
    assert repr(refrain.Contamination()) == "<refrain.Contamination of 0 items>"


def test_an_index_lists_boilerplate():
    index = refrain.Index()
    assert index.insert_all(["0", "1", "2"], PAGES, scopes=["a"] * 3) == ["new"] * 3
    boilerplate = index.boilerplate("a")
    assert len(boilerplate) == 2 and boilerplate.documents == 3
    assert boilerplate.find(PAGES[1]) == [0, 2]
    assert boilerplate.remove(PAGES[1]) == "A calm.\n"
    assert boilerplate.remove([PAGES[0], None, "New"])[1:] == [None, "New"]
    segment = boilerplate.segments[0]
    assert segment.fingerprint == refrain.fingerprint("Home") and segment.documents == 3
    assert segment.example == "0" and segment.source == (0, 4)
    assert len(index.boilerplate("a", min_documents=4)) == 0
    assert len(index.boilerplate("nowhere")) == 0
    with pytest.raises(ValueError, match="up to 1, found 2"):
        index.boilerplate("a", min_share=2.0)
    with pytest.raises(ValueError, match="expected 1 rows, found 2"):
        index.insert_all(["0"], ["a", "b"])
    with pytest.raises(ValueError, match="`texts`, row 0: expected a str, found null"):
        index.insert_all(["0"], [None])
    with pytest.raises(ValueError, match="`ids`, row 0: expected a str, found null"):
        index.insert_all([None], ["a"])
    with pytest.raises(TypeError, match="`ids`, row 1: expected a str, found int"):
        index.insert_all(["0", 5], ["a", "b"])
    with pytest.raises(TypeError, match="`scopes`: expected a list or another ordered iterable"):
        index.insert_all(["0"], ["a"], scopes=5)


def test_an_index_can_be_saved(tmp_path):
    path = tmp_path / "index"
    index = refrain.Index(seed=3)
    index.insert("0", PAGES[0])
    index.save(path)
    assert [file.name for file in tmp_path.iterdir()] == ["index"]
    assert refrain.Index.load(path, seed=3).query("Home").document_counts == [1]
    with pytest.raises(ValueError, match="seed"):
        refrain.Index.load(path)
    with pytest.raises(FileNotFoundError, match="nowhere"):
        refrain.Index.load(tmp_path / "nowhere")
    with pytest.raises(OSError, match="nowhere"):
        index.save(tmp_path / "nowhere" / "index")
    path.write_bytes(b"something else")
    with pytest.raises(ValueError, match="snapshot"):
        refrain.Index.load(path, seed=3)


@pytest.mark.skipif(os.name != "posix", reason="links and pipes of POSIX")
def test_files_are_written_by_whatever_name(tmp_path):
    index, passages = refrain.Index(), refrain.Passages(5)
    passages.insert("a", FIRST)
    real, link = tmp_path / "real", tmp_path / "link"
    link.symlink_to("real")
    # The first time, the link leads to no file.
    for save in (index.save, passages.save, refrain.report(FIRST).save):
        save(link)
        assert link.is_symlink() and real.stat().st_size > 0
        real.chmod(0o600)
        save(link)
        assert link.is_symlink() and real.stat().st_mode & 0o777 == 0o600
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for save in (index.save, passages.save, refrain.report(FIRST).save):
        with ThreadPoolExecutor(1) as pool:
            read = pool.submit(pipe.read_bytes)
            save(pipe)
            save(real)
            assert read.result() == real.read_bytes()
        assert pipe.is_fifo()
    assert len(list(tmp_path.iterdir())) == 3


def test_near_duplicates_form_clusters():
    near = refrain.Near(0.8)
    clusters = near.cluster(STORIES)
    assert clusters.duplicate_of == [None, None, 0] and clusters.kept == [0, 1]
    assert clusters.similarity[2] > 0.9 and clusters.truncated_buckets == 0
    assert near.cluster(STORIES, keep="longest").duplicate_of == [2, None, None]
    assert near.cluster(STORIES, keep=[1, 0, 0]).duplicate_of == [2, None, None]
    assert refrain.Near(0.03, recall=0.5).cluster(STORIES).duplicate_of == [None, None, 0]
    ((first, second, similarity, containment),) = near.pairs(STORIES).pairs
    assert (first, second) == (0, 2) and similarity > 0.9 and containment == 1.0


def test_an_engine_can_find_the_pairs():
    near = refrain.Near(0.8)
    keys = near.keys(STORIES)
    assert (
        len(keys[0]) == near.bands
        and set(keys[0]) & set(keys[2])
        and not set(keys[0]) & set(keys[1])
    )
    assert near.keys([STORIES[0], None])[1] is None
    assert [len(key) for key in near.keys(STORIES[0], form="hex")] == [32] * near.bands
    overlap = near.verify(STORIES[0], STORIES[2])
    assert overlap.similarity > 0.9 and overlap.containment == 1.0
    assert near.verify(STORIES[0], STORIES[1]) is None
    overlaps = near.verify([STORIES[0], STORIES[0], None], [STORIES[2], None, "a"])
    assert overlaps == [overlap, None, None]
    clusters = near.cluster_of_pairs(3, [0, 0, 1], [2, 1, 2], overlaps)
    assert clusters[:3] == near.cluster(STORIES)[:3] and clusters.truncated_buckets is None
    fields = ["first_shingles", "second_shingles", "common_shingles"]
    given = [{field: getattr(overlap, field) for field in fields}]
    assert near.cluster_of_pairs(3, [0], [2], given)[:3] == clusters[:3]


def test_near_can_be_pickled():
    near = refrain.Near(0.7, containment=0.9, words_per_shingle=3, seed=5)
    copy = pickle.loads(pickle.dumps(near))
    assert repr(copy) == repr(near)
    assert copy.keys(STORIES[0]) == near.keys(STORIES[0])
    policy = refrain.Policy("scraper-menu")
    assert pickle.loads(pickle.dumps(policy)) == policy
    edits = refrain.edits("a\n" * 12, "drop-all")
    assert pickle.loads(pickle.dumps(edits)) == edits


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: refrain.Near(1.5), ValueError, "similarity threshold above 0 and up to 1"),
        (lambda: refrain.Near(float("nan")), ValueError, "found NaN"),
        (lambda: refrain.Near(0.8, containment=0.0), ValueError, "containment"),
        (lambda: refrain.Near(0.8, recall=1.0), ValueError, "recall"),
        (lambda: refrain.Near(0.03), ValueError, "cannot reach recall 0.99"),
        (lambda: refrain.Near(0.8, words_per_shingle=0), ValueError, "words_per_shingle"),
        (lambda: refrain.Near(0.8, max_candidates=0), ValueError, "max_candidates"),
        (lambda: refrain.Near().cluster(["a", None]), ValueError, "row 1"),
        (lambda: refrain.Near().cluster(["a"], keep="last"), ValueError, "`last`"),
        (lambda: refrain.Near().cluster(["a"], keep=[1, 2]), ValueError, "expected 1 rows"),
        (lambda: refrain.Near().cluster(["a"], keep=[1 << 63]), OverflowError, "less than 2"),
        (lambda: refrain.Near().cluster(["a"], keep=["a"]), TypeError, "found str"),
        (lambda: refrain.Near().cluster(["a"], keep=[None]), ValueError, "row 0: .* found null"),
        (lambda: refrain.Near().cluster(["a"], keep=3), TypeError, "`keep`: expected a list"),
        (lambda: refrain.Near().verify("a", ["a"]), TypeError, "found list"),
        (lambda: refrain.Near().verify(["a"], ["a", "b"]), ValueError, "`second`"),
        (lambda: refrain.Near().cluster_of_pairs(1 << 60, [], [], []), ValueError, "at most"),
        (lambda: refrain.Near().cluster_of_pairs(2, [0], [2], [(1, 1, 1)]), TypeError, "Overlap"),
        (
            lambda: refrain.Near().cluster_of_pairs(2, [0], [1], [refrain.Overlap(-1, -1, -1)]),
            ValueError,
            "`common_shingles` to be 0 or more",
        ),
        (
            lambda: refrain.Near().cluster_of_pairs(2, [0], [2], [refrain.Overlap(1, 1, 1)]),
            ValueError,
            "first < second < 2",
        ),
        (
            lambda: refrain.Near().cluster_of_pairs(2, [0], [1], [refrain.Overlap(1, 1, 2)]),
            ValueError,
            "at most `first_shingles`",
        ),
        (lambda: refrain.Passages(0), ValueError, "at least 1 word"),
        (lambda: refrain.Contamination(0), ValueError, "at least 1 word"),
        (lambda: refrain.Passages().dedup("a", "b", border="row"), ValueError, "`row`"),
        (lambda: refrain.Passages().dedup_all(["a"], ["b", "c"]), ValueError, "`ids`"),
        (lambda: refrain.Passages().insert_all(["a", "b"], ["b"]), ValueError, "`texts`"),
    ],
)
def test_errors_name_what_is_wrong(call, error, message):
    with pytest.raises(error, match=message):
        call()


FIRST = "The ferry 🚢 sails again at nine. Tickets cost as much as before."
SECOND = "Żółw\nThe ferry 🚢 sails again at nine. It was late."


def test_passages_are_found_across_documents():
    passages = refrain.Passages(5)
    assert passages.insert("a", FIRST) == 12
    found = passages.query(SECOND)
    (passage,) = found.passages
    with pytest.raises(TypeError, match="found refrain._results.ByteSpan"):
        refrain.remove(FIRST, spans=[passage.source])
    assert SECOND[passage.slice].startswith("The ferry 🚢 sails again at nine.")
    assert SECOND.encode()[passage.byte_start : passage.byte_end].decode() == SECOND[passage.slice]
    source = FIRST.encode()[passage.source.start : passage.source.end].decode()
    assert source.startswith("The ferry 🚢 sails")
    assert passage.document == "a" and not passage.is_source_removed
    assert 0 < found.share < 1 and found.passage_words == passage.words
    assert passages.mark_removed(["a", "b"]) == 1
    assert passages.query(SECOND).passages[0].is_source_removed
    assert len(passages.rebuild()) == 0 and len(passages) == 1 and passages.bytes > 0


def test_passages_are_removed_from_later_documents():
    passages = refrain.Passages(5)
    assert passages.dedup("a", FIRST).text is FIRST
    result = passages.dedup("b", SECOND)
    assert result.text == "Żółw\nIt was late."
    assert SECOND[result.removals[0].slice] == "The ferry 🚢 sails again at nine."
    assert result.removals[0].passages[0].document == "a"
    texts = refrain.Passages(5).dedup_all(["a", "b", "c"], [FIRST, SECOND, None])
    assert texts == [FIRST, "Żółw\nIt was late.", None]
    assert refrain.Passages(5).dedup_all(["a"], [FIRST], border="word") == [FIRST]


def test_passages_can_be_saved(tmp_path):
    passages = refrain.Passages(5)
    passages.insert_all(["a"], [FIRST])
    passages.save(tmp_path / "passages")
    loaded = refrain.Passages.load(tmp_path / "passages", 5)
    assert loaded.query(SECOND) == passages.query(SECOND)
    assert loaded.query_and_insert("b", SECOND).passages
    with pytest.raises(ValueError, match="passages of 6 words"):
        refrain.Passages.load(tmp_path / "passages", 6)


def test_contamination_reports_each_item():
    items = refrain.Contamination(4)
    items.add("q1", "How many people does the old ferry carry?")
    items.add_all(["q2"], ["Who built the harbor?"])
    page = "Quiz 🚢: how many people does the OLD FERRY carry? Sixty."
    items.scan("a.example", page)
    items.scan_all(["b"], ["Nothing of interest."])
    first, second = items.report()
    assert (first.id, first.documents, first.share) == ("q1", 1, 0.8)
    assert first.longest.document == "a.example"
    source = first.longest.source
    assert page.encode()[source.start : source.end] == b"many people does the OLD FERRY carry?"
    assert second.share == 0.0 and second.longest is None
    assert len(items) == 2 and items.documents == 2
