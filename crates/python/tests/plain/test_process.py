"""Threads, memory, the time to import, and the docstrings."""

import ast
import importlib.metadata
import inspect
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import refrain
from texts import DOUBLED, SINGLE, resident


def test_other_threads_run_while_texts_are_read():
    done = threading.Event()
    text = "\n".join(f"Line {number} of a longer text." for number in range(1_500_000))

    def work():
        refrain.clean(text)
        done.set()

    thread = threading.Thread(target=work)
    thread.start()
    steps = 0
    while not done.is_set():
        time.sleep(0.001)
        steps += 1
    thread.join()
    # If the call kept the interpreter, this thread could run before the call and after it only.
    assert steps > 4


def test_threads_share_an_index_and_a_deduplicator():
    index, deduplicator, passages = refrain.Index(), refrain.Deduplicator(), refrain.Passages(5)

    def work(thread):
        for number in range(100):
            index.insert(f"{thread}-{number}", f"Line {number}\nof {thread}")
            deduplicator.insert(f"Line {number}")
            passages.query_and_insert(f"{thread}-{number}", DOUBLED)
            assert index.query("Line 0").document_counts[0] >= 1

    threads = [threading.Thread(target=work, args=(thread,)) for thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(index), len(deduplicator), len(passages)) == (400, 100, 400)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from a file of Linux")
def test_memory_does_not_grow_over_a_million_calls():
    near = refrain.Near()

    def calls(number):
        for _ in range(number // 4):
            refrain.clean(SINGLE)
            refrain.edits(DOUBLED)
            refrain.clean([DOUBLED])
            refrain.fingerprint("a")
        for _ in range(number // 50):
            near.keys("a b c")
            refrain.segments("a\nb")

    calls(100_000)
    before = resident()
    calls(1_000_000)
    assert resident() - before < 4 << 20


def test_the_import_needs_nothing():
    code = "import sys; old = set(sys.modules); import refrain; print(*set(sys.modules) - old)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert not {"pyarrow", "pandas", "numpy", "polars", "typing"} & set(run.stdout.split())


def test_the_version_is_that_of_the_package():
    assert refrain.__version__ == importlib.metadata.version("refrain")


STUB = Path(refrain.__file__).with_name("_refrain.pyi")


def documented():
    """Yields the name, the docstring and the node of each function and class of the stub."""
    for node in ast.parse(STUB.read_text()).body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name, ast.get_docstring(node), node
            for item in node.body:
                if isinstance(item, ast.FunctionDef):
                    yield f"{node.name}.{item.name}", ast.get_docstring(item), item
        elif isinstance(node, ast.FunctionDef):
            yield node.name, ast.get_docstring(node), node


def found(name):
    value = refrain
    for part in name.split("."):
        value = getattr(value, part)
    return value


def test_docstrings_are_those_of_the_stub():
    checked = 0
    for name, docstring, _ in documented():
        if docstring:
            assert inspect.getdoc(found(name)) == docstring, name
            checked += 1
    assert checked > 60


def test_the_stub_has_everything_and_each_parameter():
    nodes = {}
    for name, _, node in documented():
        nodes.setdefault(name, node)
    for name in dir(refrain._refrain):
        value = getattr(refrain._refrain, name)
        if name.startswith("_") or name == "SCHEME":
            continue
        assert name in nodes, name
        members = (
            [m for m in vars(value) if not m.startswith("_")] if isinstance(value, type) else []
        )
        for member in members:
            assert f"{name}.{member}" in nodes, f"{name}.{member}"
    for name, node in nodes.items():
        value = found(name)
        if not isinstance(node, ast.FunctionDef) or not callable(value) or "__" in name:
            continue
        expected = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        expected = [argument.arg for argument in expected if argument.arg != "cls"]
        parameters = [
            p for p in inspect.signature(value).parameters.values() if p.kind != p.VAR_POSITIONAL
        ]
        assert [p.name for p in parameters if p.name != "cls"] == expected, name


def test_every_public_name_is_documented():
    for name in refrain.__all__:
        value = getattr(refrain, name)
        assert name in ("SCHEME", "__version__") or inspect.getdoc(value), name
    assert set(refrain.__all__) <= set(dir(refrain))


def test_help_explains_each_field_of_a_result():
    ends = {"start", "end", "byte_start", "byte_end"}
    results = [value for value in vars(refrain._results).values() if hasattr(value, "_fields")]
    assert len(results) == 18
    for result in results:
        for field in set(result._fields) - ends:
            assert f"`{field}`" in result.__doc__, (result, field)
