"""Properties, on random texts."""

import refrain
from hypothesis import given, settings
from hypothesis import strategies as st

LINES = st.sampled_from(
    [
        "The first crossing left at nine, with more bicycles than cars on board.",
        "Żółw – «ż» 😀 and a\u0308 combining mark\u0301, in one line of some length.",
        "Tickets cost as much as before, and the timetable of last year is valid again.",
        "第一班渡轮九点出发,船上的自行车比汽车还多。",
        "\u200b",
        "",
        "a",
        "A",
    ]
)
UNICODE = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
TEXTS = st.lists(LINES | UNICODE, max_size=24).flatmap(
    lambda lines: st.sampled_from(["\n", "\r\n", "\n\n", "\u2028"]).map(lambda end: end.join(lines))
)
POLICIES = st.sampled_from(["default", "scraper", "transcript", "pdf", "drop-all", "keep-all"])


def slice_of_bytes(text, item):
    return text.encode()[item.byte_start : item.byte_end].decode()


@given(TEXTS, POLICIES)
@settings(max_examples=600, deadline=None)
def test_clean_is_the_text_without_its_edits(text, policy):
    edits = refrain.edits(text, policy)
    left, end = [], 0
    for removal in edits:
        assert end <= removal.start <= removal.end <= len(text)
        left.append(text[end : removal.start])
        end = removal.end
    clean = "".join([*left, text[end:]])
    assert refrain.clean(text, policy) == clean
    assert (refrain.clean(text, policy) is text) == (not edits)


@given(TEXTS, POLICIES)
@settings(max_examples=300, deadline=None)
def test_offsets_in_code_points_and_in_bytes_are_the_same_places(text, policy):
    for removal in refrain.edits(text, policy):
        for item in (removal, removal.copy, removal.original):
            assert text[item.slice] == slice_of_bytes(text, item)
    end = 0
    for segment in refrain.segments(text):
        assert text[segment.slice] == slice_of_bytes(text, segment)
        assert refrain.fingerprint(text[segment.slice]) == segment.fingerprint
        # The gaps between segments have no letters and no digits.
        assert not any(character.isalnum() for character in text[end : segment.start])
        end = segment.end
    assert not any(character.isalnum() for character in text[end:])


@given(st.lists(TEXTS | st.none(), max_size=6), POLICIES)
@settings(max_examples=150, deadline=None)
def test_a_list_is_answered_text_by_text(texts, policy):
    def each(function):
        return [None if text is None else function(text) for text in texts]

    assert refrain.clean(texts, policy) == each(lambda text: refrain.clean(text, policy))
    assert refrain.edits(texts, policy) == each(lambda text: refrain.edits(text, policy))
    assert refrain.fingerprint(texts) == each(refrain.fingerprint)
    assert refrain.fingerprints(texts) == each(refrain.fingerprints)
    assert refrain.segments(texts) == each(refrain.segments)
    keys = refrain.Near().keys
    assert keys(texts) == each(keys)


@given(UNICODE, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8))
@settings(max_examples=600, deadline=None)
def test_spans_in_code_points_are_cut_where_they_are(text, pairs):
    spans = [(min(pair), max(pair)) for pair in pairs if max(pair) <= len(text)]
    left = refrain.remove(text, spans=spans)
    # Only characters outside of the spans, or at the ends of one, are left, in order.
    rest = iter(text)
    assert all(character in rest for character in left)
    covered = set().union(*(range(start, end) for start, end in spans))
    kept = [text[at] for at in range(len(text)) if at not in covered and not text[at].isspace()]
    letters = iter(left)
    assert all(character in letters for character in kept if character.isalnum())


@given(TEXTS, st.data())
@settings(max_examples=200, deadline=None)
def test_removed_segments_are_gone_and_the_others_stay(text, data):
    prints = refrain.fingerprints(text, segmentation="lines")
    if not prints:
        return
    indices = st.lists(st.integers(0, len(prints) - 1), unique=True)
    removed = set(data.draw(indices))
    left = refrain.remove(text, segments=sorted(removed), segmentation="lines")
    expected = [fingerprint for at, fingerprint in enumerate(prints) if at not in removed]
    assert refrain.fingerprints(left, segmentation="lines") == expected


@given(st.lists(UNICODE | LINES, min_size=1, max_size=12))
@settings(max_examples=100, deadline=None)
def test_clusters_of_pairs_are_those_of_all_texts(texts):
    near = refrain.Near(0.5, words_per_shingle=2)
    pairs = [(a, b) for a in range(len(texts)) for b in range(a + 1, len(texts))]
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    overlaps = near.verify([texts[a] for a in first], [texts[b] for b in second])
    keys = near.keys(texts)
    found = [
        overlap if set(keys[a]) & set(keys[b]) else None
        for (a, b), overlap in zip(pairs, overlaps, strict=True)
    ]
    clusters = near.cluster_of_pairs(len(texts), first, second, found)
    assert clusters[:3] == near.cluster(texts)[:3]
