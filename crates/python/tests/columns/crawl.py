"""Crawls a site on loopback with the pipeline, and prints the items and the stats as JSON.

Each page of the site has a body that is printed twice, as a template of a broken theme would do.
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import scrapy
from scrapy.crawler import CrawlerProcess

PAGES = 20


def body(number):
    return [
        f"The ferry of pier {number} sails again from Monday, after two months in dock.",
        f"Its first crossing is at {number % 12 + 1} o'clock – with «żółw» 🐢 on board, they say.",
        f"Tickets for pier {number} cost as much as before, and the old timetable is valid again.",
    ]


class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        number = int(self.path.strip("/") or 0)
        paragraphs = "".join(f"<p>{line}</p>" for line in body(number) * 2)
        following = f'<a href="/{number + 1}">next</a>' if number + 1 < PAGES else ""
        page = f"<html><body><h1>Pier {number}</h1>{paragraphs}{following}</body></html>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_):
        pass


class Piers(scrapy.Spider):
    name = "piers"
    custom_settings: ClassVar = {
        "ITEM_PIPELINES": {"refrain.scrapy.CleanPipeline": 300, "__main__.Collect": 400},
        "REFRAIN_FIELDS": ["text", "paragraphs"],
        "REFRAIN_EDITS_FIELD": "edits",
        "TELNETCONSOLE_ENABLED": False,
        "ROBOTSTXT_OBEY": False,
    }

    async def start(self):
        yield scrapy.Request(self.address)

    def parse(self, response):
        paragraphs = response.css("p::text").getall()
        heading = response.css("h1::text").get()
        text = "\n".join([heading, *paragraphs])
        yield {"text": text, "paragraphs": paragraphs, "url": response.url}
        yield {"url": response.url}
        if response.url == self.address:
            yield {"text": "\ud800", "paragraphs": ["a", "\ud800"], "url": "surrogates"}
        yield from response.follow_all(css="a")


class Collect:
    def process_item(self, item):
        items.append(item)
        return item


if __name__ == "__main__":
    items = []
    site = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    Piers.address = f"http://127.0.0.1:{site.server_port}/0"
    process = CrawlerProcess(settings={"LOG_LEVEL": "WARNING"} | json.loads(sys.argv[1]))
    crawler = process.create_crawler(Piers)
    process.crawl(crawler)
    process.start()
    site.shutdown()
    stats = {key: value for key, value in crawler.stats.get_stats().items() if "refrain" in key}
    print(
        json.dumps(
            {"items": items, "stats": stats, "reason": crawler.stats.get_value("finish_reason")}
        )
    )
