from collections.abc import Iterable
from os import PathLike
from typing import Any, Literal, Protocol, TypeAlias, TypeVar, final, overload

from ._results import (
    BoilerplateSegment,
    Clusters,
    Deduplicated,
    FoundPassages,
    ItemReport,
    Overlap,
    Pairs,
    QueryResult,
    Removal,
    Segment,
    SegmentStatus,
)

class _ArrowArray(Protocol):
    def __arrow_c_array__(self, requested_schema: Any = None) -> Any: ...

class _ArrowStream(Protocol):
    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...

_C = TypeVar("_C", bound=_ArrowArray | _ArrowStream)
_Column: TypeAlias = _ArrowArray | _ArrowStream
_Texts: TypeAlias = Iterable[str] | Iterable[str | None]
_Integers: TypeAlias = Iterable[int] | _Column
_Policy: TypeAlias = Policy | str
_Form: TypeAlias = Literal["binary", "hex", "int64"]
_Segmentation: TypeAlias = Literal["auto", "lines", "paragraphs", "sentences", "words"]
_Border: TypeAlias = Literal["word", "sentence", "line"]
_Insertion: TypeAlias = Literal["new", "unchanged", "replaced"]
_Path: TypeAlias = str | PathLike[str]

__version__: str
"""The version of the package, which is that of the library."""

SCHEME: int
"""The scheme of fingerprints. Only fingerprints of one scheme can be compared."""

@overload
def clean(  # type: ignore[overload-overlap]
    texts: str,
    policy: _Policy | None = None,
    *,
    segmentation: _Segmentation = "auto",
    normalization: str = "text",
    skip_leading: str | None = None,
    min_segments: int = 0,
    min_weight: int = 0,
) -> str:
    """Returns texts without the repetition that a policy removes.

    `policy` is a `Policy` or its name: `default`, `scraper`, `transcript`, `pdf`, `keep-all`,
    `drop-all`, also with rules added and taken out, as in `default+box-far`.

    The first occurrence of a segment is usually kept. The documentation of the Rust crate lists the
    exceptions, for example `Policy.similar`. A text from which nothing is removed is the same
    object, and so is a column of pyarrow or polars, or a `refrain.Column`, from which nothing is
    removed, unless it is a dictionary or consists of nulls without a type.

    `segmentation` is the way to split a text: `auto`, `lines`, `paragraphs`, `sentences`,
    `words`. `normalization` decides which segments are equal: `text`, `whitespace`, `raw`, or
    `text` with `+diacritics`, `+punctuation`, `+digits`, `+arabic` or `+references` for more
    differences that are ignored. `skip_leading` names the beginnings of lines that are not
    compared: `none`, or some of `times,counters,bullets,quotes`; by default, those of the policy.
    A block is kept if each run of its copy without holes, or in a tandem repeat its unit, has
    fewer than `min_segments` segments, or if all its segments have fewer than `min_weight` letters
    and digits.
    """

@overload
def clean(
    texts: _C,
    policy: _Policy | None = None,
    *,
    segmentation: _Segmentation = "auto",
    normalization: str = "text",
    skip_leading: str | None = None,
    min_segments: int = 0,
    min_weight: int = 0,
) -> _C: ...
@overload
def clean(
    texts: _Texts,
    policy: _Policy | None = None,
    *,
    segmentation: _Segmentation = "auto",
    normalization: str = "text",
    skip_leading: str | None = None,
    min_segments: int = 0,
    min_weight: int = 0,
) -> list[str | None]: ...
def clean_paragraphs(
    paragraphs: _Texts | _Column,
    policy: _Policy | None = None,
    *,
    normalization: str = "text",
    skip_leading: str | None = None,
) -> list[int]:
    """Returns the indices of the paragraphs of one document that are kept, in order.

    The paragraphs are joined by a line end each. A paragraph that is cut in part is kept as a
    whole.
    """

@overload
def edits(  # type: ignore[overload-overlap]
    texts: str,
    policy: _Policy | None = None,
    *,
    segmentation: _Segmentation = "auto",
    normalization: str = "text",
    skip_leading: str | None = None,
    min_segments: int = 0,
    min_weight: int = 0,
) -> list[Removal]:
    """Returns the removals that `clean` would make, in the order of the text.

    For an Arrow column, the result is a column of lists of structs: `start`, `end`,
    `byte_start`, `byte_end`, `copy_start`, `copy_end`, `original_start`, `original_end` and
    `reason`. The options are those of `clean`.
    """

@overload
def edits(
    texts: _C,
    policy: _Policy | None = None,
    *,
    segmentation: _Segmentation = "auto",
    normalization: str = "text",
    skip_leading: str | None = None,
    min_segments: int = 0,
    min_weight: int = 0,
) -> _C: ...
@overload
def edits(
    texts: _Texts,
    policy: _Policy | None = None,
    *,
    segmentation: _Segmentation = "auto",
    normalization: str = "text",
    skip_leading: str | None = None,
    min_segments: int = 0,
    min_weight: int = 0,
) -> list[list[Removal] | None]: ...
@overload
def fingerprint(  # type: ignore[overload-overlap]
    texts: str, *, form: _Form = "binary", normalization: str = "text", seed: int = 0
) -> bytes | str | int:
    """Returns the fingerprint of each text as a whole.

    Two texts have the same fingerprint if their canonical forms are equal: they differ only in
    case, white space and the like. `form` is `binary` for 16 bytes, `hex` for 32 digits, or
    `int64` for the low half as a signed integer, for engines without a type for bytes.
    """

@overload
def fingerprint(
    texts: _C, *, form: _Form = "binary", normalization: str = "text", seed: int = 0
) -> _C: ...
@overload
def fingerprint(
    texts: _Texts, *, form: _Form = "binary", normalization: str = "text", seed: int = 0
) -> list[bytes | str | int | None]: ...
@overload
def fingerprints(  # type: ignore[overload-overlap]
    texts: str,
    *,
    form: _Form = "binary",
    segmentation: _Segmentation = "auto",
    normalization: str = "text",
    seed: int = 0,
) -> list[bytes | str | int]:
    """Returns the fingerprints of the segments of each text.

    `form` is `binary`, `hex` or `int64`, as for `fingerprint`. Fingerprints are the same on
    every platform, and in every release with the same `SCHEME`.
    """

@overload
def fingerprints(
    texts: _C,
    *,
    form: _Form = "binary",
    segmentation: _Segmentation = "auto",
    normalization: str = "text",
    seed: int = 0,
) -> _C: ...
@overload
def fingerprints(
    texts: _Texts,
    *,
    form: _Form = "binary",
    segmentation: _Segmentation = "auto",
    normalization: str = "text",
    seed: int = 0,
) -> list[list[bytes | str | int] | None]: ...
@overload
def segments(  # type: ignore[overload-overlap]
    texts: str,
    *,
    form: _Form = "binary",
    segmentation: _Segmentation = "auto",
    normalization: str = "text",
    seed: int = 0,
) -> list[Segment]:
    """Returns the segments of each text, with their spans, weights and fingerprints.

    For an Arrow column, the result is a column of lists of structs: `number`, `start`, `end`,
    `byte_start`, `byte_end`, `weight` and `fingerprint`. To get one row for each segment in Spark
    or polars, explode this column.
    """

@overload
def segments(
    texts: _C,
    *,
    form: _Form = "binary",
    segmentation: _Segmentation = "auto",
    normalization: str = "text",
    seed: int = 0,
) -> _C: ...
@overload
def segments(
    texts: _Texts,
    *,
    form: _Form = "binary",
    segmentation: _Segmentation = "auto",
    normalization: str = "text",
    seed: int = 0,
) -> list[list[Segment] | None]: ...
@overload
def remove(  # type: ignore[overload-overlap]
    texts: str,
    *,
    segments: Iterable[int] | None = None,
    spans: Iterable[Any] | None = None,
    segmentation: _Segmentation = "auto",
    normalization: str = "text",
) -> str:
    """Returns texts without the segments or spans that you name.

    Give `segments`, a list of indices as `segments` numbers them, or `spans`, a list of pairs
    of offsets in code points, or of objects with a `start` and an `end`. For a column of texts,
    give a column of such lists with the same number of rows. Null counts as an empty list.

    A gap next to a removed part is removed with it, so no blank lines are left over and no
    words are joined. `segmentation` and `normalization` must be those with which the segments
    were numbered.
    """

@overload
def remove(
    texts: _C,
    *,
    segments: Iterable[Iterable[int] | None] | _Column | None = None,
    spans: Iterable[Iterable[Any] | None] | _Column | None = None,
    segmentation: _Segmentation = "auto",
    normalization: str = "text",
) -> _C: ...
@overload
def remove(
    texts: _Texts,
    *,
    segments: Iterable[Iterable[int] | None] | _Column | None = None,
    spans: Iterable[Iterable[Any] | None] | _Column | None = None,
    segmentation: _Segmentation = "auto",
    normalization: str = "text",
) -> list[str | None]: ...
def report(
    text: str,
    policy: _Policy | None = None,
    *,
    segmentation: _Segmentation = "auto",
    normalization: str = "text",
    skip_leading: str | None = None,
    min_segments: int = 0,
    min_weight: int = 0,
) -> Report:
    """Returns a report on the repeats of a text and the decisions about them.

    In a notebook, the report is shown as a page with the text in colors, a dot plot and the
    reasons. The options are those of `clean`.
    """

@final
class Report:
    """A report on a text: a page, and text for a terminal."""

    @property
    def html(self) -> str:
        """The report as a self-contained HTML page."""

    @property
    def text(self) -> str:
        """The report as text for a terminal."""

    @property
    def edits(self) -> int:
        """The number of removals."""

    def _repr_html_(self) -> str: ...
    def save(self, path: _Path) -> None:
        """Writes the page to a file."""

@final
class Column:
    """An Arrow array that other libraries can take over without a copy.

    Functions return it for a column of a library that `refrain` does not know by name.
    """

    def __len__(self) -> int: ...
    def __arrow_c_schema__(self) -> Any: ...
    def __arrow_c_array__(self, requested_schema: Any = None) -> Any: ...

@final
class Policy:
    """A set of rules that decide which repetition is removed.

    `Policy("default+box-far")` is the preset `default` with the rule `box` and without `far`. The
    presets are `default`, `scraper`, `transcript`, `pdf`, `keep-all` and `drop-all`.
    """

    def __new__(cls, name: str = "default") -> Policy: ...
    @classmethod
    def default(cls) -> Policy:
        """Returns the policy for any text, which removes what looks as if software repeated it."""

    @classmethod
    def scraper(cls) -> Policy:
        """Returns the policy for text of web pages, which also removes boxes, menus and
        captions.
        """

    @classmethod
    def transcript(cls) -> Policy:
        """Returns the policy for speech, subtitles, chats and the output of models.

        Leading times and numbers are not compared.
        """

    @classmethod
    def pdf(cls) -> Policy:
        """Returns the policy for text of PDF files and OCR. It is not for verse."""

    @classmethod
    def keep_all(cls) -> Policy:
        """Returns the policy that removes nothing, for reports."""

    @classmethod
    def drop_all(cls) -> Policy:
        """Returns the policy that removes each segment that equals an earlier one."""

    def with_rules(self, *rules: str) -> Policy:
        """Returns this policy with rules added."""

    def without_rules(self, *rules: str) -> Policy:
        """Returns this policy without some rules."""

    def similar(self, threshold: float) -> Policy:
        """Returns this policy with the removal of edited copies and teasers. If the similarity of
        two segments with 60 letters and digits or more is at least the threshold, from 0.1 to 1,
        the one with fewer is removed, or the later one if both have as many; and so is a segment
        with 40 or more whose words are the beginning of a later, longer one.
        """

    @property
    def rules(self) -> list[str]:
        """Returns the names of the rules, in the order of the documentation."""

    def __contains__(self, rule: str) -> bool: ...
    def __eq__(self, other: object) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Deduplicator:
    """Finds the segments of each text that no earlier text had.

    It takes 29 to 57 bytes for each distinct segment. A text is not compared with itself. The order
    of the texts is part of the answer, so insert them in the order in which they are to be kept.
    """

    def __new__(
        cls, *, segmentation: _Segmentation = "auto", normalization: str = "text", seed: int = 0
    ) -> Deduplicator: ...
    def __len__(self) -> int: ...
    def insert(self, text: str, document: int | None = None) -> list[SegmentStatus]:
        """Inserts the segments of a text, and returns each with the number of the first document
        that had it.

        `document` is the number of the document; by default, numbers ascend from 0. Texts with
        equal numbers count as one document, which is not compared with itself.
        """

    @overload
    def dedup(self, texts: str, documents: int | None = None) -> str:  # type: ignore[overload-overlap]
        """Inserts texts, and returns them without the segments that an earlier one had.

        A text of which all segments were seen is left empty, or with a line end. `documents` are
        the numbers of the documents; by default, they ascend. A null text gives null.

        A null number, a wrong type, and text that is not UTF-8 are found before anything is
        inserted. After another error or an interrupt, some of the texts, from the first on, may be
        inserted. The same call can be repeated if it has `documents`; otherwise, begin with a new
        object.
        """

    @overload
    def dedup(self, texts: _C, documents: _Integers | None = None) -> _C: ...
    @overload
    def dedup(self, texts: _Texts, documents: _Integers | None = None) -> list[str | None]: ...

@final
class Near:
    """The thresholds of near duplicates, and the methods that find them.

    Two texts are near duplicates if the Jaccard similarity of their shingles is at least
    `similarity`, or if one has at least the share `containment` of the shingles of the other. A
    shingle is a run of `words_per_shingle` words. MinHash selects candidates, at most
    `max_candidates` for each text. A pair with exactly the threshold similarity becomes a candidate
    with a probability of at least `recall`, and a more similar pair with a higher one; if
    `skipped_candidates` is not 0, further pairs may be missing. All candidates are verified by
    their shingles.

    An object can be pickled, so that all tasks of an engine use the same thresholds.
    """

    def __new__(
        cls,
        similarity: float = 0.8,
        *,
        containment: float | None = None,
        recall: float = 0.99,
        words_per_shingle: int = 5,
        max_candidates: int = 256,
        normalization: str = "text",
        seed: int = 0,
    ) -> Near: ...
    @property
    def bands(self) -> int:
        """Returns the number of bands.

        Without a containment threshold, a text has this many keys.
        """

    @property
    def rows(self) -> int:
        """Returns the number of MinHash values in a band."""

    @overload
    def keys(self, texts: str, *, form: _Form = "int64") -> list[bytes | str | int]:  # type: ignore[overload-overlap]
        """Returns the keys of each text: texts are candidates if they have a key in common.

        For an engine: group the texts by their keys, compare the candidates with `verify`, and
        pass the pairs to `cluster_of_pairs`.
        """

    @overload
    def keys(self, texts: _C, *, form: _Form = "int64") -> _C: ...
    @overload
    def keys(
        self, texts: _Texts, *, form: _Form = "int64"
    ) -> list[list[bytes | str | int] | None]: ...
    @overload
    def verify(self, first: str, second: str) -> Overlap | None:  # type: ignore[overload-overlap]
        """Returns the overlap of two texts, or `None` if they are not near duplicates.

        For two columns, the texts of each row are compared. The result of an Arrow column is a
        column of structs, which have the fields of an `Overlap`, its `similarity` and its
        `containment`, or null.
        """

    @overload
    def verify(self, first: _C, second: _Texts | _Column) -> _C: ...
    @overload
    def verify(self, first: _Texts, second: _Texts | _Column) -> list[Overlap | None]: ...
    def pairs(self, texts: _Texts | _Column) -> Pairs:
        """Returns all pairs of near duplicates in a list."""

    def cluster(
        self,
        texts: _Texts | _Column,
        *,
        keep: Literal["first", "longest"] | _Integers | None = None,
    ) -> Clusters:
        """Divides a list of texts into clusters of a text that is kept and its near duplicates.

        Texts are read in the order of `keep`: `first`, the default; `longest`; or a list with the
        priority of each text, the lowest first. A text is dropped if it is similar to a text that
        was kept before, or contained in one with the share `containment`. A text is not dropped for
        containing a kept one, so pass `longest` with `containment`, which is the default of the
        command `refrain near`.
        """

    def cluster_of_pairs(
        self,
        len: int,
        first: _Integers,
        second: _Integers,
        overlaps: Iterable[Overlap | None] | _Column,
        *,
        keep: Literal["first", "longest"] | _Integers | None = None,
    ) -> Clusters:
        """Divides `len` texts into clusters, from the pairs of near duplicates that an engine
        found.

        `first` and `second` are the numbers of the texts of each pair, from 0 to `len` − 1, the
        lower one first, and `overlaps` are the results of `verify`. Pairs without an overlap are
        ignored. The clusters are those of `cluster`, unless that truncates a bucket or skips a
        candidate.
        """

@final
class Index:
    """An index in memory of the fingerprints and spans of documents, with which texts are compared.

    The texts are not stored. Several threads can share an index.
    """

    def __new__(
        cls, *, segmentation: _Segmentation = "auto", normalization: str = "text", seed: int = 0
    ) -> Index: ...
    @classmethod
    def load(
        cls,
        path: _Path,
        *,
        segmentation: _Segmentation = "auto",
        normalization: str = "text",
        seed: int = 0,
    ) -> Index:
        """Reads an index that `save` wrote. The options must be those of that index."""

    def save(self, path: _Path) -> None:
        """Writes the index to a file, as a whole or not at all."""

    def __len__(self) -> int: ...
    def __contains__(self, id: str) -> bool: ...
    def insert(self, id: str, text: str, *, scope: str = "") -> _Insertion:
        """Inserts a document, or replaces the document with the same id.

        `scope` is the group in which documents are counted, usually the host of a page.
        """

    def insert_all(
        self,
        ids: _Texts | _Column,
        texts: _Texts | _Column,
        *,
        scopes: _Texts | _Column | None = None,
    ) -> list[_Insertion]:
        """Inserts many documents: columns of ids and texts, and of scopes.

        A null, a wrong type, and text that is not UTF-8 are found before anything is inserted.
        After another error or an interrupt, some of the documents, from the first on, may be
        inserted, each as a whole. You can repeat this call. Other threads can insert theirs after
        every 64 documents.
        """

    def remove(self, id: str) -> bool:
        """Removes a document, and returns whether it was in the index."""

    def query(self, text: str, *, scope: str = "", exclude: str | None = None) -> QueryResult:
        """Returns which segments of a text also occur in documents of the index. The text is not
        inserted.

        The document with the id `exclude` is left out.
        """

    def query_and_insert(
        self, id: str, text: str, *, scope: str = ""
    ) -> tuple[QueryResult, _Insertion]:
        """Queries a text, without the document with the same id, and inserts it."""

    def boilerplate(
        self, scope: str = "", *, min_documents: int | None = None, min_share: float | None = None
    ) -> Boilerplate:
        """Returns the segments that many documents of a scope have.

        A segment must be in `min_documents` documents, by default 3, and in the share
        `min_share` of the documents of the scope, by default 0.3.
        """

@final
class Boilerplate:
    """The segments that many documents of a scope have."""

    def __len__(self) -> int: ...
    @property
    def documents(self) -> int:
        """Returns the number of documents of the scope."""

    @property
    def segments(self) -> list[BoilerplateSegment]:
        """Returns the segments, most frequent first."""

    def find(self, text: str) -> list[int]:
        """Returns the indices of the segments of a text that are boilerplate."""

    @overload
    def remove(self, texts: str) -> str:  # type: ignore[overload-overlap]
        """Returns texts without the boilerplate. A text that is only boilerplate is returned
        unchanged.
        """

    @overload
    def remove(self, texts: _C) -> _C: ...
    @overload
    def remove(self, texts: _Texts) -> list[str | None]: ...

@final
class Passages:
    """An index of exact passages: runs of at least `min_words` words that also occur earlier.

    A passage may begin and end anywhere in a line. The index takes about 5.1 bytes for each word,
    in memory. The order of insertion is part of the answer.
    """

    def __new__(
        cls, min_words: int = 50, *, min_bytes: int = 0, normalization: str = "text", seed: int = 0
    ) -> Passages: ...
    @classmethod
    def load(
        cls,
        path: _Path,
        min_words: int = 50,
        *,
        min_bytes: int = 0,
        normalization: str = "text",
        seed: int = 0,
    ) -> Passages:
        """Reads an index that `save` wrote. The options must be those of that index."""

    def save(self, path: _Path) -> None:
        """Writes the index to a file, as a whole or not at all."""

    def __len__(self) -> int: ...
    @property
    def bytes(self) -> int:
        """Returns the memory that the index takes, in bytes."""

    def insert(self, id: str, text: str) -> int:
        """Inserts a document, and returns its number of words."""

    def insert_all(self, ids: _Texts | _Column, texts: _Texts | _Column) -> None:
        """Inserts many documents: columns of ids and texts.

        A null, a wrong type, and text that is not UTF-8 are found before anything is inserted.
        After another error or an interrupt, some of the documents, from the first on, may be
        inserted: begin with a new object. Other threads can insert theirs after every 16 documents.
        """

    def query(self, text: str) -> FoundPassages:
        """Returns the passages of a text that inserted documents have, without inserting it."""

    def query_and_insert(self, id: str, text: str) -> FoundPassages:
        """Returns the passages of a document that occur earlier, also in itself, and inserts
        it.
        """

    def dedup(self, id: str, text: str, *, border: _Border = "sentence") -> Deduplicated:
        """Removes the passages of a document that occur earlier, and inserts the text that is
        left.

        A passage is shrunk to whole words, sentences or lines, by `border`, and kept if it
        is then too short.
        """

    @overload
    def dedup_all(self, ids: _Texts | _Column, texts: _C, *, border: _Border = "sentence") -> _C:
        """Removes the passages of many documents that occur earlier, and returns what is left.

        `ids` and `texts` are columns of the same length. A null text gives null. A null id, a wrong
        type, and text that is not UTF-8 are found before anything is inserted. After another error
        or an interrupt, some of the documents, from the first on, may be inserted: begin with a new
        object.
        """

    @overload
    def dedup_all(
        self, ids: _Texts | _Column, texts: _Texts, *, border: _Border = "sentence"
    ) -> list[str | None]: ...
    def mark_removed(self, ids: _Texts | _Column) -> int:
        """Marks documents as removed, and returns how many were marked.

        A marked document is still found as a source, and `dedup` removes nothing because of it.
        """

    def rebuild(self) -> Passages:
        """Returns the index of the documents that are not marked as removed."""

@final
class Contamination:
    """An evaluation set, and which of its items occur in the documents of a corpus.

    An item and a document share an n-gram if both have the same `words` words in a row, with the
    same punctuation between them and before the first. With the normalization `text+punctuation`,
    punctuation is ignored. An item with fewer words is one n-gram as a whole.
    """

    def __new__(
        cls, words: int = 13, *, normalization: str = "text", seed: int = 0
    ) -> Contamination: ...
    def __len__(self) -> int: ...
    @property
    def documents(self) -> int:
        """Returns the number of documents that were compared."""

    def add(self, id: str, text: str) -> None:
        """Adds an item. Documents that were compared before do not count for it."""

    def add_all(self, ids: _Texts | _Column, texts: _Texts | _Column) -> None:
        """Adds many items: columns of ids and texts.

        A null, a wrong type, and text that is not UTF-8 are found before anything is added. After
        another error or an interrupt, some of the items, from the first on, may be added: begin
        with a new object.
        """

    def scan(self, id: str, text: str) -> None:
        """Compares a document of the corpus with the items."""

    def scan_all(self, ids: _Texts | _Column, texts: _Texts | _Column) -> None:
        """Compares many documents with the items: columns of ids and texts.

        A null, a wrong type, and text that is not UTF-8 are found before anything is counted. After
        another error or an interrupt, some of the documents, from the first on, may be counted:
        begin with a new object.
        """

    def report(self) -> list[ItemReport]:
        """Returns the report on each item, in the order in which they were added."""
