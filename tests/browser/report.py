#!/usr/bin/env python3
"""Opens pages of the example `report` in headless Chromium and uses them as a reader does.

    tests/browser/report.py PROGRAM [FOLDER]

PROGRAM is the built example. Screenshots are written to FOLDER, if given. The script uses the WebDriver
protocol directly, so it needs only Python, chromium and chromedriver. The exit status is 3 if chromium or
chromedriver is not installed.
"""

import base64
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
ENTER = "\ue007"
ESCAPE = "\ue00c"
DOWN = "\ue015"

HOSTILE = """<script>document.title = 'broken'</script> and after it some words, for a line to be long
<img src=x onerror="document.title = 'broken'"> and a long line, which stands here once and once more below
</span></div></section></main><script>window.broken = 1</script> closes whatever it can think of
"quoted' &amp; &lt; <!-- no comment --> ]]> <style>body { display: none }</style> and a plain end
<svg onload="document.title = 'broken'"><a href="javascript:window.broken = 1">a link that is none</a>
"""

STANZA = "A line that is long enough to be the body of something, number %d of those that there are"


class Browser:
    """One session with chromedriver."""

    def __init__(self, driver, profile, width, height, mobile=False):
        arguments = [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage", f"--user-data-dir={profile}", f"--window-size={width},{height}",
        ]
        options = {"args": arguments, "binary": shutil.which("chromium")}
        if mobile:
            options["mobileEmulation"] = {"deviceMetrics": {"width": width, "height": height, "pixelRatio": 2}}
        wanted = {"browserName": "chrome", "goog:loggingPrefs": {"browser": "ALL"}, "goog:chromeOptions": options}
        self.base = driver
        session = self.call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.base = f"{driver}/session/{session['sessionId']}"

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(json.load(error)["value"]["message"]) from None

    def open(self, page):
        self.call("POST", "/url", {"url": page.as_uri()})
        # Clicks and measurements must wait until the page is laid out.
        self.run("return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")

    def run(self, script, *arguments):
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def find(self, css):
        return self.call("POST", "/element", {"using": "css selector", "value": css})[ELEMENT]

    def click(self, css):
        self.call("POST", f"/element/{self.find(css)}/click", {})

    def keys(self, keys):
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def devtools(self, command, **parameters):
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def scheme(self, scheme):
        self.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def complaints(self):
        return [entry["message"] for entry in self.call("POST", "/se/log", {"type": "browser"})]

    def shoot(self, path):
        if path:
            path.write_bytes(base64.b64decode(self.call("GET", "/screenshot")))

    def quit(self):
        self.call("DELETE", "")


def lit(browser):
    return browser.run("return [...document.querySelectorAll('.text .lit')].map((node) => Number(node.id.slice(1)))")


def visible(browser, css):
    return browser.run(
        "const box = document.querySelector(arguments[0]).getBoundingClientRect();"
        "return box.height > 0 && box.top >= 0 && box.top < innerHeight", css)


def cells(browser):
    """Returns the cells of the plot, across and down, with the row of each."""
    paths = browser.run(
        "return [...document.querySelectorAll('#dots path')].map((path) => [path.dataset.row, path.getAttribute('d')])")
    return {(int(x), int(y)): row for row, d in paths for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", d)}


def check(claim, holds):
    if not holds:
        sys.exit(f"FAILED: {claim}")
    print(f"  {claim}")


def article(browser, page, shots):
    browser.open(page)
    check("the script runs under the policy of the page", browser.run(
        "document.querySelector('.row').click(); const open = !document.querySelector('#pair').hidden;"
        "document.querySelector('#close').click(); return open && document.querySelector('#pair').hidden"))
    row = browser.run("return Object.assign({}, document.querySelector('.row').dataset)")
    start, end = map(int, row["original"].split("-"))
    again, until = map(int, row["copies"].split(" ")[0].split("-"))
    check("the body is the first family", end - start == 17 and until - again == 17)
    dots = cells(browser)
    check("the body is a diagonal", all(dots.get((again + i, start + i)) == "0" for i in range(17)))
    check("the plot has no other cells", len(dots) == 17)
    check("the diagonal is drawn", browser.run(
        "const box = document.querySelector('#dots path').getBoundingClientRect(); return box.width > 50 && box.height > 50"))
    places = list(range(start, end)) + list(range(again, until))
    struck = browser.run("return [...document.querySelectorAll('.text del')].map((node) => Number(node.id.slice(1)))")
    check("the copy is struck", struck == list(range(again, until)))
    for scheme in ["light", "dark"]:
        browser.scheme(scheme)
        browser.run("scrollTo(0, 0)")
        browser.shoot(shots and shots / f"article-{scheme}.png")
    dark = browser.run("return getComputedStyle(document.body).backgroundColor")
    browser.scheme("light")
    check("dark is dark and light is light", dark != browser.run("return getComputedStyle(document.body).backgroundColor"))

    check("nothing is marked at first", lit(browser) == [])
    browser.click(".row")
    check("a click marks both places", lit(browser) == places)
    check("the text scrolls to the copy", visible(browser, f"#s{again}"))
    texts = browser.run("return ['original', 'copy'].map((id) => document.getElementById(id).textContent)")
    check("original and copy are shown side by side", texts[0].strip() == texts[1].strip() != "" and visible(browser, "#original"))
    browser.shoot(shots and shots / "article-selected.png")
    browser.click("#to-original")
    check("a button scrolls to the original", visible(browser, f"#s{start}"))
    browser.keys(ESCAPE)
    check("Escape removes the marks", lit(browser) == [])
    check("Escape returns the focus to the row", browser.run("return document.activeElement.className.startsWith('row')"))
    browser.keys(ENTER)
    check("Enter marks both places", lit(browser) == places and visible(browser, f"#s{again}"))
    browser.keys(ENTER)
    check("Enter again removes the marks", lit(browser) == [])
    browser.run("document.querySelector('#dots path').dispatchEvent(new MouseEvent('click', { bubbles: true }))")
    check("a click on the diagonal marks both places", lit(browser) == places)


def hostile(browser, page, text, shots):
    browser.open(page)
    shown = browser.run("return [...document.querySelectorAll('.text > div')].map((div) => div.textContent).join('')")
    check("a text with scripts is shown as it is", shown == text)
    check("no script of the text runs", browser.run("return window.broken === undefined && document.title") == "Repeats in this text")
    check("the text creates no elements", browser.run("return document.querySelectorAll('img, .text script, .text style, .text a').length") == 0)
    check("the page has one script", browser.run("return document.scripts.length") == 1)
    browser.click(".row")
    check("neither happens when a family is selected", browser.run(
        "return window.broken === undefined && document.querySelectorAll('img, .text a').length === 0 && document.scripts.length === 1"))
    browser.shoot(shots and shots / "hostile.png")


def many(browser, page, shots):
    browser.open(page)
    rows = browser.run("return document.querySelectorAll('.row').length")
    check("the page has several families", rows >= 2)
    browser.run("document.querySelector('.row').focus()")
    browser.keys(DOWN)
    check("an arrow key moves to the next row", browser.run(
        "return document.activeElement === document.querySelectorAll('.row')[1]"))
    browser.keys(ENTER)
    first = lit(browser)
    browser.keys(ENTER)
    browser.click(".row")
    check("each family marks its own segments", first and lit(browser) and first != lit(browser))
    browser.keys(ESCAPE)
    filters = "return [...document.querySelectorAll('.filter button')].length"
    check("there is a button for all and for each reason", browser.run(filters) >= 3)
    shown = "return [...document.querySelectorAll('.row')].filter((row) => row.offsetParent).length"
    browser.run("document.querySelectorAll('.filter button')[1].click()")
    part = browser.run(shown)
    check("a filter hides other families", 0 < part < rows)
    browser.run("document.querySelector('.filter button').click()")
    check("the first button shows all families again", browser.run(shown) == rows)
    browser.click(".row")
    check("a button shows the next copy", browser.run(
        "const which = document.querySelector('#which'); const one = which.textContent;"
        "document.querySelector('#next').click(); return one !== which.textContent || one === ''"))
    browser.shoot(shots and shots / "many.png")


def phone(browser, pages, shots):
    for page in pages:
        browser.open(page)
        fits = "return document.documentElement.scrollWidth <= innerWidth && innerWidth <= 360"
        check(f"{page.stem} fits a phone", browser.run(fits))
        browser.shoot(shots and shots / f"phone-{page.stem}.png")
        browser.run("scrollTo(0, 900)")
        browser.shoot(shots and shots / f"phone-{page.stem}-below.png")
        if browser.run("return document.querySelectorAll('.row').length"):
            browser.run("document.querySelector('.jump a').click()")
            check("a link leads to the text", visible(browser, "#the-text"))
            browser.run("document.querySelector('.row').scrollIntoView()")
            browser.click(".row")
            start = browser.run("return document.querySelector('.row').dataset.copies.split('-')[0]")
            check("it still fits with a family selected, which is in view", browser.run(fits) and visible(browser, f"#s{start}"))
            browser.shoot(shots and shots / f"phone-{page.stem}-selected.png")


def main():
    program = sys.argv[1]
    here = pathlib.Path(__file__).resolve().parent
    script = (here / "../../src/report/page.js").read_bytes()
    digest = base64.b64encode(hashlib.sha256(script).digest()).decode()
    check("the page names the hash of its script", digest in (here / "../../src/report/page.rs").read_text())
    if not shutil.which("chromium") or not shutil.which("chromedriver"):
        print("no chromium or no chromedriver", file=sys.stderr)
        sys.exit(3)
    shots = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
    if shots:
        shots.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        stanza = [STANZA % i for i in range(6)]
        chorus = [f"Line {i} of a chorus that is as long as the stanza and is sung before and after it" for i in range(6)]
        texts = {
            "article": None,
            "hostile": HOSTILE * 2,
            "many": "\n".join(stanza + chorus + ["A solo"] + chorus + stanza[:3] + ["An advertisement"] + stanza[3:] + ["The end"]),
            "rtl": "عنوان\n" + "יצאנו לדרך עם שחר, והים היה שקט מאוד מאוד <b>\nהספינה חזרה בערב אל הנמל הישן\n" * 2,
            "wide": ("x" * 3000 + "\n" + "無断転載を禁じます。" * 60 + "\n") * 2,
            "empty": "",
        }
        pages = {}
        for name, text in texts.items():
            pages[name] = folder / f"{name}.html"
            source = [] if text is None else ["-"]
            subprocess.run([program, *source, "-o", str(pages[name])], input=(text or "").encode(), check=True,
                           stderr=subprocess.DEVNULL)
        driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            port = next(found[1] for line in driver.stdout if (found := re.search(r"started successfully on port (\d+)", line)))
            at = f"http://127.0.0.1:{port}"
            desk = Browser(at, folder / "desk", 1280, 900)
            article(desk, pages["article"], shots)
            hostile(desk, pages["hostile"], texts["hostile"], shots)
            many(desk, pages["many"], shots)
            desk.open(pages["rtl"])
            check("Arabic and Hebrew begin at the right", desk.run(
                "const part = document.querySelector('.text > div'); const line = document.createRange();"
                "line.selectNodeContents(document.querySelector('#s1')); const box = part.getBoundingClientRect();"
                "return box.right - line.getBoundingClientRect().right < 80"))
            desk.shoot(shots and shots / "rtl.png")
            desk.open(pages["empty"])
            check("an empty text has a page", "Nothing repeats" in desk.run("return document.body.textContent"))
            complaints = desk.complaints()
            check(f"the console is empty {complaints or ''}", complaints == [])
            desk.quit()
            small = Browser(at, folder / "small", 360, 740, mobile=True)
            phone(small, pages.values(), shots)
            complaints = small.complaints()
            check(f"the console is empty on the phone {complaints or ''}", complaints == [])
            small.quit()
        finally:
            driver.terminate()
            driver.wait()
    print("all checks passed")


if __name__ == "__main__":
    main()
