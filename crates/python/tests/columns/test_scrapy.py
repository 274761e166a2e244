"""The pipeline for Scrapy, in a crawl of a site on loopback."""

import json
import subprocess
import sys
from pathlib import Path

from crawl import PAGES, body

CRAWL = Path(__file__).with_name("crawl.py")


def crawl(**settings):
    command = [sys.executable, CRAWL, json.dumps(settings)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_a_crawl_cleans_items_and_counts_edits():
    run = crawl()
    assert run.returncode == 0 and run.stderr == "", run.stderr
    result = json.loads(run.stdout)
    assert result["reason"] == "finished"
    (surrogates,) = (item for item in result["items"] if item["url"] == "surrogates")
    assert surrogates["text"] == "\ud800" and surrogates["paragraphs"] == ["a", "\ud800"]
    result["items"].remove(surrogates)
    items = [item for item in result["items"] if "text" in item]
    assert len(items) == PAGES and len(result["items"]) == 2 * PAGES
    removed = 0
    for item in items:
        number = int(item["url"].rpartition("/")[2])
        assert item["text"] == "\n".join([f"Pier {number}", *body(number), ""])
        assert item["paragraphs"] == body(number)
        (removal,) = item["edits"]["text"]
        assert removal["reason"] and removal["original_start"] < removal["start"] < removal["end"]
        removed += removal["end"] - removal["start"]
    stats = result["stats"]
    reasons = {key: stats.pop(key) for key in list(stats) if key.startswith("refrain/edits/")}
    assert sum(reasons.values()) == PAGES
    assert stats == {
        "refrain/items": 2 * PAGES + 1,
        "refrain/fields_with_surrogates": 2,
        "refrain/items_without_text": PAGES,
        "refrain/items_changed": PAGES,
        "refrain/edits": PAGES,
        "refrain/removed_characters": removed,
        "refrain/removed_paragraphs": 3 * PAGES,
    }


def test_a_policy_is_a_setting():
    result = json.loads(crawl(REFRAIN_POLICY="keep-all").stdout)
    assert "refrain/items_changed" not in result["stats"]
    lists = [item["paragraphs"] for item in result["items"] if "Pier" in item.get("text", "")]
    assert len(lists) == PAGES and all(len(paragraphs) == 6 for paragraphs in lists)


def test_an_unknown_policy_ends_the_crawl_at_its_start():
    run = crawl(REFRAIN_POLICY="scrapper")
    assert "unknown policy `scrapper`" in run.stderr
