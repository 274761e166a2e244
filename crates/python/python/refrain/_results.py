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
    """A part of a text that the result does not contain, with its offsets in bytes of UTF-8.

    The text of the span is `text.encode()[start:end].decode()`.
    """

    start: int
    end: int


class Removal(NamedTuple):
    """A copy that is removed.

    `start` and `end` are the span that is cut: the copy, and the white space that goes with it. A
    text without the spans of its removals is what `clean` returns.

    * `copy`: the copy, without the white space around it.
    * `original`: the occurrence that is kept. With `Policy.similar`, it may be after the copy.
    * `reason`: the name of the rule that removes the copy, `drop-all`, `similar` or `contained`.
    """

    start: int
    end: int
    byte_start: int
    byte_end: int
    copy: Span
    original: Span
    reason: str

    @property
    def slice(self) -> slice:
        """The span that is cut, as a slice."""
        return slice(self.start, self.end)


class Segment(NamedTuple):
    """A segment of a text: the unit that is compared.

    * `number`: the number of the segment in its text, from 0.
    * `weight`: the number of letters, combining marks and digits, where an ideograph counts 3.
    * `fingerprint`: the fingerprint, in the form that was asked for.
    """

    number: int
    start: int
    end: int
    byte_start: int
    byte_end: int
    weight: int
    fingerprint: bytes | str | int

    @property
    def slice(self) -> slice:
        """The span as a slice."""
        return slice(self.start, self.end)


class SegmentStatus(NamedTuple):
    """A segment that was inserted into a `Deduplicator`.

    * `first_document`: the number of the first document that had the segment, or `None` if no
      earlier one had it.
    """

    start: int
    end: int
    byte_start: int
    byte_end: int
    first_document: int | None

    @property
    def is_new(self) -> bool:
        """Whether no earlier document had the segment."""
        return self.first_document is None

    @property
    def slice(self) -> slice:
        """The span as a slice."""
        return slice(self.start, self.end)


class Overlap(NamedTuple):
    """The overlap of two near duplicates.

    * `first_shingles`, `second_shingles`: the numbers of shingles of the two texts.
    * `common_shingles`: the number of shingles that both texts have.
    """

    first_shingles: int
    second_shingles: int
    common_shingles: int

    @property
    def similarity(self) -> float:
        """The Jaccard similarity of the shingles."""
        union = self.first_shingles + self.second_shingles - self.common_shingles
        return self.common_shingles / max(union, 1)

    @property
    def containment(self) -> float:
        """The share of the shingles of one text that the other has, whichever is greater."""
        smaller = min(self.first_shingles, self.second_shingles)
        return self.common_shingles / max(smaller, 1)


class Pair(NamedTuple):
    """Two texts of a list that are near duplicates.

    * `first`, `second`: the indices of the texts, from 0.
    * `similarity`: the Jaccard similarity of the shingles.
    * `containment`: the share of the shingles of one text that the other has, whichever is greater.
    """

    first: int
    second: int
    similarity: float
    containment: float


class Pairs(NamedTuple):
    """All pairs of near duplicates in a list.

    * `pairs`: the pairs, in order.
    * `truncated_buckets`: the number of truncated buckets, summed over all texts. Such a bucket
      has more texts than `max_candidates`, and lists only the first ones.
    * `skipped_candidates`: a lower bound of the number of texts that share a bucket with a text
      and were not compared with it, summed over all texts. If it is not 0, pairs may be missing.
    """

    pairs: list[Pair]
    truncated_buckets: int
    skipped_candidates: int


class Clusters(NamedTuple):
    """A list of texts, divided into clusters of a text that is kept and its near duplicates.

    * `duplicate_of`: for each text the index of the text that is kept in its place, or `None`
      if it is kept.
    * `similarity`: for each text the similarity with the text that is kept in its place; 1 if
      it is kept.
    * `containment`: for each text the share of its shingles that the text kept in its place has.
    * `truncated_buckets` and `skipped_candidates`: as in `Pairs`; `None` if the pairs were given.
    """

    duplicate_of: list[int | None]
    similarity: list[float]
    containment: list[float]
    truncated_buckets: int | None
    skipped_candidates: int | None

    @property
    def kept(self) -> list[int]:
        """The indices of the texts that are kept."""
        return [index for index, other in enumerate(self.duplicate_of) if other is None]


class MatchedRun(NamedTuple):
    """A run of segments that another document has in the same order.

    * `segments`: the indices of the first segment, and of the one after the last.
    * `document`: the id of the other document.
    * `scope`: the scope of the other document.
    * `source`: the run in the other document.
    """

    start: int
    end: int
    byte_start: int
    byte_end: int
    segments: tuple[int, int]
    document: str
    scope: str
    source: ByteSpan

    @property
    def slice(self) -> slice:
        """The span as a slice."""
        return slice(self.start, self.end)


class QueryResult(NamedTuple):
    """The segments of a text that documents of an index have.

    * `seen_share`: the share of the text that other documents have, from 0 to 1.
    * `new`: the runs of segments that no other document has.
    * `runs`: the runs of segments that another document has, with their sources.
    * `document_counts`: for each segment the number of other documents that have it.
    * `document_counts_in_scope`: for each segment the number of other documents of the scope
      that have it.
    """

    seen_share: float
    new: list[Span]
    runs: list[MatchedRun]
    document_counts: list[int]
    document_counts_in_scope: list[int]


class BoilerplateSegment(NamedTuple):
    """A segment that many documents of a scope have.

    * `fingerprint`: the fingerprint, as 16 bytes.
    * `documents`: the number of documents of the scope that have the segment.
    * `example`: the id of the first of these documents.
    * `source`: the first occurrence in that document.
    """

    fingerprint: bytes
    documents: int
    example: str
    source: ByteSpan


class Passage(NamedTuple):
    """A run of words that also occurs at an earlier place.

    * `words`: the number of words.
    * `document`: the id of the document that has the source.
    * `source`: the earlier place, in the text that was given for this document, also if `dedup`
      removed a part of it.
    * `is_source_removed`: whether the document of the source was marked as removed.
    """

    start: int
    end: int
    byte_start: int
    byte_end: int
    words: int
    document: str
    source: ByteSpan
    is_source_removed: bool

    @property
    def slice(self) -> slice:
        """The span as a slice."""
        return slice(self.start, self.end)


class FoundPassages(NamedTuple):
    """The passages of a text, in order.

    * `passages`: the passages.
    * `words`: the number of words of the text.
    * `passage_words`: the number of words that are in a passage.
    """

    passages: list[Passage]
    words: int
    passage_words: int

    @property
    def share(self) -> float:
        """The share of the words that are in a passage, from 0 to 1."""
        return self.passage_words / self.words if self.words else 0.0


class PassageRemoval(NamedTuple):
    """A run of whole words, sentences or lines that is removed.

    * `words`: the number of words that are removed.
    * `passages`: the passages in which the removed words lie.
    """

    start: int
    end: int
    byte_start: int
    byte_end: int
    words: int
    passages: list[Passage]

    @property
    def slice(self) -> slice:
        """The span as a slice."""
        return slice(self.start, self.end)


class Deduplicated(NamedTuple):
    """A text without the passages that occur earlier.

    * `text`: the text that is left.
    * `removals`: the removals, with offsets in the text that was given.
    """

    text: str
    removals: list[PassageRemoval]


class ItemPassage(NamedTuple):
    """A passage that an item of an evaluation set shares with a document.

    * `span`: the passage in the item.
    * `words`: the number of words that are equal.
    * `document`: the id of the document.
    * `source`: the passage in the document.
    """

    span: ByteSpan
    words: int
    document: str
    source: ByteSpan


class ItemReport(NamedTuple):
    """The report on an item of an evaluation set.

    * `id`: the id of the item.
    * `words`: the number of words of the item.
    * `ngrams`: the number of n-grams of the item.
    * `seen_ngrams`: the number of n-grams of the item that some document has.
    * `share`: the share of the n-grams that some document has, from 0 to 1.
    * `weighted_share`: the same share, weighted by rarity, so an instruction that many items
      have counts little.
    * `documents`: the number of documents that have an n-gram of the item.
    * `longest`: the longest passage that the item shares with a document.
    """

    id: str
    words: int
    ngrams: int
    seen_ngrams: int
    share: float
    weighted_share: float
    documents: int
    longest: ItemPassage | None
