"""Texts and lists, without any other library."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
import refrain
from texts import BODY, CLEAN, DOUBLED, MENU, PAGE, SINGLE


def test_clean_removes_the_second_body():
    assert refrain.clean(DOUBLED) == CLEAN


def test_a_text_without_repeats_is_the_same_object():
    assert refrain.clean(SINGLE) is SINGLE
    assert refrain.remove(SINGLE, segments=[]) is SINGLE
    assert refrain.clean([SINGLE])[0] is SINGLE


def test_lists_and_iterables_come_back_as_lists():
    expected = [CLEAN, None, SINGLE, ""]
    assert refrain.clean([DOUBLED, None, SINGLE, ""]) == expected
    assert refrain.clean((DOUBLED, None, SINGLE, "")) == expected
    assert refrain.clean(text for text in [DOUBLED, None, SINGLE, ""]) == expected
    assert refrain.clean([]) == []


def test_paragraphs_are_kept_or_removed_as_a_whole():
    paragraphs = DOUBLED.splitlines()
    assert refrain.clean_paragraphs(paragraphs) == [0, 1, 2]
    assert refrain.clean_paragraphs(paragraphs, "keep-all") == [0, 1, 2, 3, 4]
    assert refrain.clean_paragraphs([]) == []
    with pytest.raises(ValueError, match="row 1: expected a str, found null"):
        refrain.clean_paragraphs(["a", None])


def test_edits_have_offsets_in_code_points_and_in_bytes():
    (removal,) = refrain.edits(DOUBLED)
    assert DOUBLED[removal.start : removal.end] == BODY
    assert DOUBLED[removal.slice] == BODY
    assert DOUBLED.encode()[removal.byte_start : removal.byte_end].decode() == BODY
    assert DOUBLED[removal.copy.slice] == BODY.rstrip("\n") == DOUBLED[removal.original.slice]
    assert removal.original.start < removal.copy.start
    assert removal.reason == "document"
    assert DOUBLED[: removal.start] + DOUBLED[removal.end :] == CLEAN


def test_segments_and_fingerprints_agree():
    segments = refrain.segments(DOUBLED)
    assert [segment.number for segment in segments] == [0, 1, 2, 3, 4]
    assert [DOUBLED[segment.slice] for segment in segments] == DOUBLED.splitlines()
    prints = refrain.fingerprints(DOUBLED)
    assert prints == [segment.fingerprint for segment in segments]
    assert prints == [refrain.fingerprint(line) for line in DOUBLED.splitlines()]
    assert prints[1] == prints[3] and prints[0] != prints[1]


def test_forms_of_a_fingerprint_are_one_number():
    binary = refrain.fingerprint("To be")
    assert len(binary) == 16
    assert refrain.fingerprint("To be", form="hex") == binary.hex()
    low = refrain.fingerprint("To be", form="int64")
    assert low.to_bytes(8, "big", signed=True) == binary[8:]
    assert refrain.fingerprint("TO  BE") == binary
    assert refrain.fingerprint("To be", seed=1) != binary
    assert refrain.fingerprint("TO BE", normalization="raw") != binary


def test_fingerprints_are_frozen():
    vectors = json.loads((Path(__file__).parents[4] / "tests/vectors.json").read_text())["vectors"]
    assert len(vectors) > 800
    for vector in vectors:
        form, seed = vector["normalization"], int(vector["seed"], 16)
        found = refrain.fingerprint(vector["text"], normalization=form, seed=seed, form="hex")
        assert found == vector["fingerprint"], vector


def test_remove_takes_segments_or_spans():
    text = "Home\n\nThe ferry 🚢 sails again.\n\nImprint\n"
    assert refrain.remove(text, segments=[0, 2]) == "The ferry 🚢 sails again.\n"
    start = text.index("Imprint")
    assert refrain.remove(text, spans=[(0, 4), (start, start + 7)]) == "The ferry 🚢 sails again.\n"
    assert refrain.remove(text, spans=refrain.segments(text)[:1]) == text[6:]
    assert refrain.remove(text, spans=[{"start": 0, "end": 4}]) == text[6:]
    assert refrain.remove([text, None], segments=[[0], None]) == [text[6:], None]
    assert refrain.remove([text, text], spans=[[(0, 4)], []]) == [text[6:], text]
    assert refrain.remove(DOUBLED, spans=refrain.edits(DOUBLED)) == CLEAN


def test_policies_have_names_and_rules():
    assert refrain.clean(PAGE) == PAGE
    assert refrain.clean(PAGE, "scraper") == PAGE.removesuffix(MENU)
    scraper = refrain.Policy.scraper()
    assert refrain.clean(PAGE, scraper) == PAGE.removesuffix(MENU)
    assert refrain.clean(PAGE, scraper.without_rules("menu")) == PAGE
    assert refrain.clean(PAGE, refrain.Policy().with_rules("menu")) == PAGE.removesuffix(MENU)
    assert scraper.without_rules("menu", "box") == refrain.Policy("scraper-box-menu")
    assert refrain.Policy().similar(0.8) == refrain.Policy("default+similar=0.8")
    with pytest.raises(ValueError, match="from 0.1 to 1"):
        refrain.Policy().similar(2.0)
    assert "menu" in scraper and "menu" not in refrain.Policy()
    assert "document" in refrain.Policy().rules
    assert refrain.Policy("pdf") == refrain.Policy.pdf()
    assert refrain.Policy() == refrain.Policy.default()
    assert refrain.Policy("transcript") == refrain.Policy.transcript()
    assert refrain.Policy("keep-all") == refrain.Policy.keep_all()
    assert refrain.clean("a\nb\na\n", refrain.Policy.drop_all()) == "a\nb\n"
    assert len({refrain.Policy("pdf"), refrain.Policy.pdf(), scraper}) == 2
    assert repr(scraper) == "Policy('scraper')"


def test_every_rule_can_be_added_and_taken_out():
    rows = (Path(__file__).parents[4] / "src/policy/rules.md").read_text().splitlines()[2:]
    without_rows = {"layers", "overlay", "headings", "overlap", "partial"}
    rules = {row.split("`")[1] for row in rows} | without_rows
    for rule in rules:
        policy = refrain.Policy.keep_all().with_rules(rule)
        assert policy.rules == [rule] and policy == refrain.Policy(f"keep-all+{rule}")
        assert policy.without_rules(rule) == refrain.Policy.keep_all()
    presets = (refrain.Policy(name).rules for name in ("default", "scraper", "transcript", "pdf"))
    assert rules == set().union(*presets)


def test_the_keys_of_a_policy_are_used_unless_others_are_given():
    chat = "".join(
        f"[12:0{minute}] Shall we all have a look at the gate together?\n" for minute in range(5)
    )
    assert refrain.clean(chat, "transcript").count("\n") == 1
    assert refrain.clean(chat, "transcript", skip_leading="none") == chat


def test_options_change_what_is_compared():
    lines = "Read at 9:15\nRead at 9:41\n"
    assert refrain.clean(lines, "drop-all") == lines
    assert refrain.clean(lines, "drop-all", normalization="text+digits") == "Read at 9:15\n"
    wrapped = "Read by\nthe harbor.\n\nNext.\n\nRead\nby the harbor.\n"
    kept = refrain.clean(wrapped, "drop-all", segmentation="paragraphs")
    assert kept == "Read by\nthe harbor.\n\nNext.\n"
    assert len(refrain.segments("One. Two.", segmentation="sentences")) == 2
    assert len(refrain.segments("One. Two.", segmentation="words")) >= 2
    assert refrain.clean("a\nb\na\n", "drop-all", min_weight=5) == "a\nb\na\n"
    assert refrain.clean("a\nb\na\n", "drop-all", min_segments=2) == "a\nb\na\n"


def test_a_report_is_a_page_and_a_text():
    report = refrain.report(DOUBLED)
    assert report.edits == 1
    assert report.html.startswith("<!DOCTYPE html>")
    assert "removed" in report.text and str(report) == report.text
    assert repr(report) == "<refrain.Report: 1 edits>"


def test_a_notebook_shows_a_report_in_a_frame():
    class Frames(HTMLParser):
        def handle_starttag(self, tag, attrs):
            found.append((tag, dict(attrs)))

    found = []
    report = refrain.report('A "quote" & <b>\n' * 9)
    Frames().feed(report._repr_html_())
    ((tag, attributes),) = found
    assert tag == "iframe" and attributes["srcdoc"] == report.html
    assert attributes["sandbox"] == "allow-scripts"


def test_a_report_can_be_saved(tmp_path):
    refrain.report(DOUBLED).save(tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text() == refrain.report(DOUBLED).html
    with pytest.raises(FileNotFoundError, match="nowhere"):
        refrain.report(DOUBLED).save(tmp_path / "nowhere" / "report.html")


class Broken:
    """An object of which each way to read it fails."""

    def fail(self, *_):
        raise ConnectionError("lost")

    __iter__ = __index__ = __getitem__ = fail
    start = property(fail)


@pytest.mark.parametrize(
    "call",
    [
        lambda broken: refrain.clean(broken),
        lambda broken: refrain.clean_paragraphs(broken),
        lambda broken: refrain.Index().insert_all(broken, ["a"]),
        lambda broken: refrain.Deduplicator().dedup(["a"], broken),
        lambda broken: refrain.Deduplicator().dedup(["a"], [broken]),
        lambda broken: refrain.Near().cluster(["a"], keep=broken),
        lambda broken: refrain.remove("a", segments=broken),
        lambda broken: refrain.remove("a", segments=[broken]),
        lambda broken: refrain.remove("a", spans=broken),
        lambda broken: refrain.remove("a", spans=[broken]),
        lambda broken: refrain.remove("a", spans=[(0, broken)]),
        lambda broken: refrain.remove(["a"], spans=broken),
        lambda broken: refrain.Near().cluster_of_pairs(2, [0], [1], [broken]),
    ],
)
def test_errors_of_the_caller_are_passed_on(call):
    with pytest.raises(ConnectionError, match="lost"):
        call(Broken())


def test_an_error_about_a_type_has_its_cause():
    with pytest.raises(TypeError, match="found int") as error:
        refrain.clean(3)
    assert "not iterable" in str(error.value.__cause__)
    with pytest.raises(TypeError, match="expected lists of spans"):
        refrain.remove("a", spans=[{"start": 0}])
    with pytest.raises(TypeError, match="expected lists of spans"):
        refrain.remove("a", spans=[(0, 1, 2)])


def test_surrogates_are_errors_that_name_the_row():
    with pytest.raises(UnicodeEncodeError):
        refrain.clean("a\ud800b")
    with pytest.raises(UnicodeEncodeError, match="in row 2") as error:
        refrain.clean(["a", None, "b\ud800"])
    assert error.value.start == 1


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: refrain.clean(3), TypeError, "found int"),
        (lambda: refrain.clean(None), TypeError, "expected a str, a list or .* found NoneType"),
        (lambda: refrain.clean(b"a"), TypeError, "found bytes"),
        (lambda: refrain.clean({"a"}), TypeError, "found set"),
        (lambda: refrain.clean({"a": 1}), TypeError, "found dict"),
        (lambda: refrain.clean(["a", 3]), TypeError, "row 1: expected a str or None, found int"),
        (lambda: refrain.clean("a", "scrapper"), ValueError, "scrapper"),
        (lambda: refrain.clean("a", 3), TypeError, "found int"),
        (lambda: refrain.clean("a", skip_leading="time"), ValueError, "time"),
        (lambda: refrain.clean("a", segmentation="line"), ValueError, "line"),
        (lambda: refrain.clean("a", normalization="texts"), ValueError, "texts"),
        (lambda: refrain.clean("a", min_weight=-1), OverflowError, "out of range"),
        (lambda: refrain.fingerprint("a", form="base64"), ValueError, "`base64`"),
        (lambda: refrain.Policy("default+menus"), ValueError, "menus"),
        (lambda: refrain.Policy().with_rules("menus"), ValueError, "menus"),
        (lambda: refrain.Policy().with_rules(3), TypeError, "found int"),
        (lambda: refrain.remove("a"), ValueError, "neither"),
        (lambda: refrain.remove("a", segments=[0], spans=[]), ValueError, "both"),
        (lambda: refrain.remove("a", segments=[1]), ValueError, "no segment 1"),
        (lambda: refrain.remove("a", segments=[-1]), ValueError, "no segment -1"),
        (lambda: refrain.remove("a", segments=0), TypeError, "lists of integers"),
        (lambda: refrain.remove("a", segments=["0"]), TypeError, "lists of integers"),
        (lambda: refrain.remove("a", segments=[1 << 70]), OverflowError, "less than 2"),
        (lambda: refrain.remove("a", spans=[(0, 1 << 70)]), OverflowError, "less than 2"),
        (
            lambda: refrain.remove(["a", "b"], segments=[[0], ["0"]]),
            TypeError,
            "`segments`, row 1: expected lists of integers, found str",
        ),
        (lambda: refrain.remove("żó", spans=[(0, 3)]), ValueError, "<= 2"),
        (lambda: refrain.remove("żó", spans=[(2, 1)]), ValueError, "2..1"),
        (lambda: refrain.remove("żó", spans=[(-1, 1)]), ValueError, "-1..1"),
        (lambda: refrain.remove("żó", spans=[3]), TypeError, "spans"),
        (
            lambda: refrain.remove(["a"], segments=[[0], [0]]),
            ValueError,
            "expected 1 rows, found 2",
        ),
        (
            lambda: refrain.remove(["a", "b"], segments=[[0]]),
            ValueError,
            "expected 2 rows, found 1",
        ),
        (lambda: refrain.remove(["a", "b"], segments=[[0], [7]]), ValueError, "row 1: "),
        (lambda: refrain.report(3), TypeError, "str"),
    ],
)
def test_errors_name_what_is_wrong(call, error, message):
    with pytest.raises(error, match=message):
        call()
