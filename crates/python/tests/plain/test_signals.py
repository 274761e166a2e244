"""Signals, such as Ctrl-C, during long calls."""

import sys
import threading
import time

import pytest
import refrain
from texts import interrupt

LINES = [f"Line {number} of a long text, which occurs once." for number in range(200_000)]
LONG = "\n".join(LINES)
# Some of these texts take milliseconds, and all of them seconds.
TEXTS = ["\n".join(LINES[n : n + 50]) for n in range(0, len(LINES), 50)] * 20
IDS = [str(number) for number in range(len(TEXTS))]
# All of these texts are shingled in less than 0.1 seconds, and compared for several seconds: each
# is a candidate of all others, and a near duplicate of none.
BODY = " ".join(f"word{number}" for number in range(60))
SIMILAR = [" ".join([BODY, *(f"{n} of {n * k}" for k in range(3, 8))]) for n in range(12_000)]
NEAR = refrain.Near(max_candidates=len(SIMILAR))


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        (refrain.clean, [[LONG] * 1_000]),
        (refrain.Near().keys, [[LONG] * 1_000]),
        (NEAR.cluster, [SIMILAR]),
        (NEAR.pairs, [SIMILAR]),
        (refrain.Passages(5).dedup_all, [IDS, TEXTS]),
    ],
    ids=["clean", "keys", "cluster", "pairs", "dedup_all"],
)
def test_a_long_call_can_be_interrupted(call, arguments):
    interrupt(call, *arguments)


def test_a_call_in_another_thread_does_not_wait_for_the_interpreter():
    passages = refrain.Passages(5)
    worker = threading.Thread(target=passages.insert_all, args=(IDS[:20_000], TEXTS[:20_000]))

    def of_other_threads():
        return time.process_time() - time.thread_time()

    interval, used = sys.getswitchinterval(), 0.0
    try:
        # From here on, this thread keeps the interpreter, except while it waits.
        sys.setswitchinterval(1_000)
        worker.start()
        while used < 0.001 and worker.is_alive():
            time.sleep(0.001)
            before, end = of_other_threads(), time.thread_time() + 0.05
            while used < 0.001 and time.thread_time() < end:
                used = of_other_threads() - before
    finally:
        sys.setswitchinterval(interval)
    worker.join()
    assert used >= 0.001
    assert len(passages) == 20_000


def test_what_was_inserted_before_an_interrupt_is_whole():
    index = refrain.Index()
    interrupt(index.insert_all, IDS, TEXTS)
    inserted = len(index)
    assert 0 < inserted < len(TEXTS)
    assert [number for number in IDS if number in index] == IDS[:inserted]
    # The same call again does the rest.
    end = inserted + 100
    effects = index.insert_all(IDS[:end], TEXTS[:end])
    assert effects == ["unchanged"] * inserted + ["new"] * 100
    expected = refrain.Index()
    expected.insert_all(IDS[:end], TEXTS[:end])
    assert index.query(TEXTS[0]) == expected.query(TEXTS[0])


def test_dedup_with_numbers_can_be_repeated():
    deduplicator, numbers = refrain.Deduplicator(), list(range(len(TEXTS)))
    interrupt(deduplicator.dedup, TEXTS, numbers)
    assert len(deduplicator) > 0
    texts, numbers = TEXTS[:10_000], numbers[:10_000]
    assert deduplicator.dedup(texts, numbers) == refrain.Deduplicator().dedup(texts)


def test_passages_and_items_before_an_interrupt_are_whole():
    passages = refrain.Passages(5)
    interrupt(passages.insert_all, IDS, TEXTS)
    assert 0 < len(passages) < len(TEXTS)
    items = refrain.Contamination(5)
    items.add("first", TEXTS[0])
    interrupt(items.scan_all, IDS, TEXTS)
    assert 0 < items.documents < len(TEXTS)
    items = refrain.Contamination(5)
    interrupt(items.add_all, IDS, TEXTS)
    assert 0 < len(items) < len(TEXTS)


def test_a_handler_may_use_the_object_that_is_busy():
    passages, seen = refrain.Passages(5), []

    def handler(*_):
        seen.append(len(passages))
        raise KeyboardInterrupt

    interrupt(passages.insert_all, IDS, TEXTS, handler=handler)
    assert seen == [len(passages)]
