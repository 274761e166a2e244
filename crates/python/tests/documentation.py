"""The examples of the documentation, which tests run."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
GUIDE = ROOT / "docs/python.md"
README = ROOT / "crates/python/README.md"


def examples(path):
    """Returns the Python code in a Markdown file, block by block."""
    return re.findall(r"```python\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)


def recipe(name):
    """Returns the recipe whose comment begins with a name."""
    (code,) = (
        part
        for block in examples(GUIDE)
        for part in block.split("\n\n")
        if part.startswith(f"# {name}")
    )
    return code
