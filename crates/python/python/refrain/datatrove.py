"""Steps for a pipeline of datatrove: one that cleans documents, and a filter.

from datatrove.executor import LocalPipelineExecutor
from refrain.datatrove import CleanDocuments, RepetitionFilter

LocalPipelineExecutor([reader, RepetitionFilter(max_share=0.8), CleanDocuments(), writer]).run()
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import TYPE_CHECKING

from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.filters.base_filter import BaseFilter

from . import Policy, edits

if TYPE_CHECKING:
    from datatrove.data import Document
    from datatrove.pipeline.writers.disk_base import DiskWriter

__all__ = ["CleanDocuments", "RepetitionFilter"]


class CleanDocuments(PipelineStep):  # type: ignore[misc]
    """Removes repetition from the text of each document.

    `metadata["refrain"]` lists the removals as `[start, end, reason]`, with offsets in code points
    of the text before; it is an empty list if nothing is removed. A document is never emptied. A
    text with a lone surrogate stays as it is, because it is not Unicode text.

    Stats: `changed`, `edits`, `removed_characters` and `surrogates`, the number of documents with a
    lone surrogate.
    """

    name = "refrain: clean documents"
    type = "✂️ - CLEANER"

    def __init__(self, policy: Policy | str = "default") -> None:
        super().__init__()
        # The name, because a step is pickled and its policy is read again by each task.
        self.policy = str(Policy(str(policy)))

    def run(
        self, data: Iterable[Document], rank: int = 0, world_size: int = 1
    ) -> Generator[Document, None, None]:
        """Cleans documents as they pass."""
        for document in data:
            with self.track_time():
                self.stat_update("total")
                self.clean(document)
            yield document

    def clean(self, document: Document) -> None:
        """Cleans one document in place."""
        try:
            found = edits(document.text, self.policy)
        except UnicodeEncodeError:
            self.stat_update("surrogates")
            found = []
        rows = [[removal.start, removal.end, removal.reason] for removal in found]
        document.metadata["refrain"] = rows
        if not found:
            return
        left, end = [], 0
        for removal in found:
            left.append(document.text[end : removal.start])
            end = removal.end
            self.stat_update("removed_characters", value=removal.end - removal.start)
        document.text = "".join([*left, document.text[end:]])
        self.stat_update("changed")
        self.stat_update("edits", value=len(found))


class RepetitionFilter(BaseFilter):  # type: ignore[misc]
    """Drops documents of which a policy would remove more than the share `max_share`.

    The share is that of the characters, from 0 to 1. A document with a lone surrogate is kept, and
    counted as `surrogates` in the stats.
    """

    name = "refrain: repetition"

    def __init__(
        self,
        max_share: float = 0.5,
        policy: Policy | str = "drop-all",
        exclusion_writer: DiskWriter | None = None,
    ) -> None:
        if not 0.0 <= max_share <= 1.0:
            raise ValueError(f"`max_share` {max_share} is out of range [0, 1]")
        super().__init__(exclusion_writer)
        self.max_share = max_share
        self.policy = str(Policy(str(policy)))

    def filter(self, doc: Document) -> bool | tuple[bool, str]:
        """Returns whether a document is kept, or the reason."""
        try:
            found = edits(doc.text, self.policy)
        except UnicodeEncodeError:
            self.stat_update("surrogates")
            return True
        removed = sum(removal.end - removal.start for removal in found)
        if removed > self.max_share * len(doc.text):
            return False, "repetition"
        return True
