"""Finds repeated text: inside one document, across the pages of a site, and across a corpus.

Functions take a text, a list, or a column, and return the same kind of value: a text for a text, a
list for a list, and a column of the same library for a column.

A *list* is any ordered iterable of `str` and `None`. A *column* is an object with the Arrow
PyCapsule interface, such as an `Array` or a `ChunkedArray` of pyarrow or a `Series` of polars, and
a `Series` of pandas. Strings of every Arrow type are read: `string`, `large_string`, `string_view`,
and dictionaries of these. Null stays null.

Offsets count code points, as Python does, so `text[removal.start:removal.end]` is the text that
a removal cuts. The same offsets in bytes of UTF-8 are beside them.

Other threads can run Python code while texts are read. A text with a lone surrogate is not valid
Unicode text, and causes a `UnicodeEncodeError`.
"""

from ._refrain import (
    SCHEME,
    Boilerplate,
    Column,
    Contamination,
    Deduplicator,
    Index,
    Near,
    Passages,
    Policy,
    Report,
    __version__,
    clean,
    clean_paragraphs,
    edits,
    fingerprint,
    fingerprints,
    remove,
    report,
    segments,
)

# Type checkers read this branch. The results need `typing`, whose import takes longer than the rest
# of the package, so they are imported when the first one is used.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._results import (
        BoilerplateSegment,
        ByteSpan,
        Clusters,
        Deduplicated,
        FoundPassages,
        ItemPassage,
        ItemReport,
        MatchedRun,
        Overlap,
        Pair,
        Pairs,
        Passage,
        PassageRemoval,
        QueryResult,
        Removal,
        Segment,
        SegmentStatus,
        Span,
    )

__all__ = [
    "SCHEME",
    "Boilerplate",
    "BoilerplateSegment",
    "ByteSpan",
    "Clusters",
    "Column",
    "Contamination",
    "Deduplicated",
    "Deduplicator",
    "FoundPassages",
    "Index",
    "ItemPassage",
    "ItemReport",
    "MatchedRun",
    "Near",
    "Overlap",
    "Pair",
    "Pairs",
    "Passage",
    "PassageRemoval",
    "Passages",
    "Policy",
    "QueryResult",
    "Removal",
    "Report",
    "Segment",
    "SegmentStatus",
    "Span",
    "__version__",
    "clean",
    "clean_paragraphs",
    "edits",
    "fingerprint",
    "fingerprints",
    "remove",
    "report",
    "segments",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'refrain' has no attribute '{name}'")
    from . import _results

    return getattr(_results, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
