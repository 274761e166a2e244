"""The results: named tuples, which can be compared, pickled, and put into a table."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """A part of a text: offsets in code points, and the same offsets in bytes of UTF-8."""

    start: int
    end: int
    byte_start: int
    byte_end: int

    @property
    def slice(self) -> slice:
        """The span as a slice: `text[span.slice]` is its text."""
        return slice(self.start, self.end)


class ByteSpan(NamedTuple):
    """A part of a text that is not at hand, so only its offsets in bytes of UTF-8 are known.

    The text of the span is `text.encode()[start:end].decode()`.
    """

    start: int
    end: int


class Edit(NamedTuple):
    """A copy that is removed.

    `start` and `end` are the span that is cut: the copy, and the white space that goes with it. A
    text without the spans of its edits is what `clean` returns.
    """

    start: int
    end: int
    byte_start: int
    byte_end: int
    copy: Span
    """The copy, without the white space around it."""
    original: Span
    """The earlier occurrence, which is kept."""
    reason: str
    """The name of the rule that removes the copy, or `drop-all`."""

    @property
    def slice(self) -> slice:
        """The span that is cut, as a slice."""
        return slice(self.start, self.end)


class Segment(NamedTuple):
    """A segment of a text: the unit that is compared."""

    number: int
    """The number of the segment in its text, from 0."""
    start: int
    end: int
    byte_start: int
    byte_end: int
    weight: int
    """The number of letters, combining marks and digits, in which an ideograph counts 3."""
    fingerprint: bytes | str | int
    """The fingerprint, in the form that was asked for."""

    @property
    def slice(self) -> slice:
        """The span as a slice."""
        return slice(self.start, self.end)


class SegmentStatus(NamedTuple):
    """A segment that was inserted into a `Deduplicator`."""

    start: int
    end: int
    byte_start: int
    byte_end: int
    first_document: int | None
    """The number of the first document that had the segment, or `None` if no earlier one had it."""

    @property
    def is_new(self) -> bool:
        """Whether no earlier document had the segment."""
        return self.first_document is None

    @property
    def slice(self) -> slice:
        """The span as a slice."""
        return slice(self.start, self.end)


class Overlap(NamedTuple):
    """The numbers of shingles of two near duplicates, and of the shingles that both have."""

    first: int
    second: int
    both: int

    @property
    def similarity(self) -> float:
        """The Jaccard similarity of the shingles."""
        return self.both / max(self.first + self.second - self.both, 1)

    @property
    def containment(self) -> float:
        """The share of the shingles of one text that the other has, whichever is greater."""
        return self.both / max(min(self.first, self.second), 1)


class Pair(NamedTuple):
    """Two texts of a list that are near duplicates, by their indices from 0."""

    first: int
    second: int
    similarity: float
    containment: float


class Pairs(NamedTuple):
    """All pairs of near duplicates in a list."""

    pairs: list[Pair]
    truncated_buckets: int
    """The number of buckets with more texts than `candidates`. If it is 0, no pair was missed
    because of a full bucket."""
    skipped_candidates: int
    """The number of candidates that were not compared, because a text had more of them than
    `candidates`."""


class Clusters(NamedTuple):
    """A list of texts, divided into clusters of a text that is kept and its near duplicates."""

    duplicate_of: list[int | None]
    """For each text the index of the text that is kept in its place, or `None` if it is kept."""
    similarity: list[float]
    """For each text the similarity with the text that is kept in its place; 1 if it is kept."""
    containment: list[float]
    """For each text the share of its shingles that the text kept in its place has."""
    truncated_buckets: int | None
    """The number of buckets with more texts than `candidates`; `None` if the pairs were given."""
    skipped_candidates: int | None
    """The number of candidates that were not compared; `None` if the pairs were given."""

    @property
    def kept(self) -> list[int]:
        """The indices of the texts that are kept."""
        return [index for index, other in enumerate(self.duplicate_of) if other is None]


class MatchedRun(NamedTuple):
    """A run of segments that another document has in the same order."""

    start: int
    end: int
    byte_start: int
    byte_end: int
    segments: tuple[int, int]
    """The indices of the first segment, and of the one after the last."""
    document: str
    """The id of the other document."""
    scope: str
    """The scope of the other document."""
    source: ByteSpan
    """The run in the other document."""

    @property
    def slice(self) -> slice:
        """The span as a slice."""
        return slice(self.start, self.end)


class QueryResult(NamedTuple):
    """The segments of a text that documents of an index have."""

    seen_share: float
    """The share of the text that other documents have, from 0 to 1."""
    new: list[Span]
    """The runs of segments that no other document has."""
    runs: list[MatchedRun]
    """The runs of segments that another document has, with their sources."""
    document_counts: list[int]
    """For each segment the number of other documents that have it."""
    document_counts_in_scope: list[int]
    """For each segment the number of other documents of the scope that have it."""


class BoilerplateSegment(NamedTuple):
    """A segment that many documents of a scope have."""

    fingerprint: bytes
    documents: int
    """The number of documents of the scope that have the segment."""
    example: str
    """The id of the first of these documents."""
    source: ByteSpan
    """The first occurrence in that document."""


class Passage(NamedTuple):
    """A run of words that also occurs at an earlier place."""

    start: int
    end: int
    byte_start: int
    byte_end: int
    words: int
    """The number of words."""
    document: str
    """The id of the document that has the source."""
    source: ByteSpan
    """The earlier place."""
    is_source_removed: bool
    """Whether the document of the source was marked as removed."""

    @property
    def slice(self) -> slice:
        """The span as a slice."""
        return slice(self.start, self.end)


class FoundPassages(NamedTuple):
    """The passages of a text, in order."""

    passages: list[Passage]
    words: int
    """The number of words of the text."""
    passage_words: int
    """The number of words that are in a passage."""

    @property
    def share(self) -> float:
        """The share of the words that are in a passage, from 0 to 1."""
        return self.passage_words / self.words if self.words else 0.0


class PassageRemoval(NamedTuple):
    """A run of whole words, sentences or segments that is removed."""

    start: int
    end: int
    byte_start: int
    byte_end: int
    words: int
    """The number of words that are removed."""
    passages: list[Passage]
    """The passages in which the removed words lie."""

    @property
    def slice(self) -> slice:
        """The span as a slice."""
        return slice(self.start, self.end)


class Deduplicated(NamedTuple):
    """A text without the passages that occur earlier."""

    text: str
    """The text that is left."""
    removals: list[PassageRemoval]
    """The removals, with offsets in the text that was given."""


class ItemPassage(NamedTuple):
    """A passage that an item of an evaluation set shares with a document."""

    span: ByteSpan
    """The passage in the item."""
    words: int
    """The number of words that are equal."""
    document: str
    """The id of the document."""
    source: ByteSpan
    """The passage in the document."""


class ItemReport(NamedTuple):
    """The report on an item of an evaluation set."""

    id: str
    words: int
    """The number of words of the item."""
    ngrams: int
    """The number of n-grams of the item."""
    seen_ngrams: int
    """The number of n-grams of the item that some document has."""
    share: float
    """The share of the n-grams that some document has, from 0 to 1."""
    weighted_share: float
    """The same share, weighted by rarity, so an instruction that many items have counts little."""
    documents: int
    """The number of documents that have an n-gram of the item."""
    longest: ItemPassage | None
    """The longest passage that the item shares with a document."""
