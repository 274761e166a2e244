"""An item pipeline for Scrapy that removes repetition from the texts of items.

Add it to the settings of a project:

    ITEM_PIPELINES = {"refrain.scrapy.CleanPipeline": 300}

Settings:

* `REFRAIN_FIELDS`: the fields of an item that are cleaned, `["text"]` by default. A field may be a
  text, or a list of paragraphs, of which those are removed that repeat earlier ones.
* `REFRAIN_POLICY`: the name of the policy, `scraper` by default.
* `REFRAIN_EDITS_FIELD`: the field to which the removals from texts are written, as a dict from each
  field to a list of dicts; the dict is empty for an item without any of the fields. A `scrapy.Item`
  must declare this field. By default, they are not written.

Stats: `refrain/items`, `refrain/items_changed`, `refrain/edits`, `refrain/edits/<reason>`,
`refrain/removed_characters` and, of lists, `refrain/removed_paragraphs`. An item without any of the
fields is counted as `refrain/items_without_text`, so a wrong name in the settings can be noticed. A
field with a lone surrogate is not Unicode text: it stays as it is, and is counted as
`refrain/fields_with_surrogates`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from itemadapter import ItemAdapter

from . import Policy, Removal, clean_paragraphs, edits

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

__all__ = ["CleanPipeline"]


class CleanPipeline:
    """Removes repetition from the texts of items."""

    def __init__(
        self,
        stats: StatsCollector,
        fields: list[str],
        policy: Policy,
        edits_field: str | None = None,
    ) -> None:
        self.stats = stats
        self.fields = fields
        self.policy = policy
        self.edits_field = edits_field

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CleanPipeline:
        """Creates the pipeline from the settings. An unknown policy ends the crawl at its start."""
        settings = crawler.settings
        policy = Policy(settings.get("REFRAIN_POLICY", "scraper"))
        fields = settings.getlist("REFRAIN_FIELDS", ["text"])
        assert crawler.stats is not None
        return cls(crawler.stats, fields, policy, settings.get("REFRAIN_EDITS_FIELD"))

    def process_item(self, item: Any, *_: Any) -> Any:
        """Cleans an item, and counts removals. Earlier releases of Scrapy also pass the spider."""
        adapter = ItemAdapter(item)
        found: dict[str, list[Removal]] = {}
        removed = 0
        for field in self.fields:
            value = adapter.get(field)
            try:
                if isinstance(value, str):
                    found[field] = edits(value, self.policy)
                    if found[field]:
                        adapter[field] = _cut(value, found[field])
                elif isinstance(value, list) and all(isinstance(part, str) for part in value):
                    found[field] = []
                    kept = clean_paragraphs(value, self.policy)
                    adapter[field] = [value[index] for index in kept]
                    removed += len(value) - len(kept)
            except UnicodeEncodeError:
                found[field] = []
                self.stats.inc_value("refrain/fields_with_surrogates")
        self._count(found, removed)
        if self.edits_field:
            rows = {field: [_row(removal) for removal in items] for field, items in found.items()}
            adapter[self.edits_field] = rows
        return item

    def _count(self, found: dict[str, list[Removal]], removed_paragraphs: int) -> None:
        stats = self.stats
        stats.inc_value("refrain/items")
        if not found:
            stats.inc_value("refrain/items_without_text")
        removals = [removal for items in found.values() for removal in items]
        if removals or removed_paragraphs:
            stats.inc_value("refrain/items_changed")
        if removed_paragraphs:
            stats.inc_value("refrain/removed_paragraphs", removed_paragraphs)
        for removal in removals:
            stats.inc_value("refrain/edits")
            stats.inc_value(f"refrain/edits/{removal.reason}")
            stats.inc_value("refrain/removed_characters", removal.end - removal.start)


def _cut(text: str, found: list[Removal]) -> str:
    left, end = [], 0
    for removal in found:
        left.append(text[end : removal.start])
        end = removal.end
    return "".join([*left, text[end:]])


def _row(removal: Removal) -> dict[str, Any]:
    return {
        "start": removal.start,
        "end": removal.end,
        "original_start": removal.original.start,
        "original_end": removal.original.end,
        "reason": removal.reason,
    }
