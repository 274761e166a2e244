"""Texts, a measure and a signal that several test files share."""

import _thread
import os
import signal
import threading
import time
from pathlib import Path

import pytest

BODY = (
    "The first crossing left at nine – with «żółw» 😀 and more bicycles than cars on board.\n"
    "Tickets cost as much as before, and the timetable of last year is valid again.\n"
)
DOUBLED = "Ferry returns 🚢\n" + BODY + BODY
CLEAN = "Ferry returns 🚢\n" + BODY
SINGLE = "A storm closed the harbor.\nNo ferry sailed before noon.\n"

MENU = "Ferries of the harbor\nTimetable and map\nTickets and prices\nBicycles and dogs\nContact\n"
PAGE = (
    MENU
    + "The ferry sails again after two winters in dock.\n"
    + "The first crossing left at nine, with bicycles on board.\n"
    + MENU
)

STORIES = [
    "The harbor ferry sails again from Monday at nine, after two months in dock, they say.",
    "A storm closed the harbor on Sunday night, and no ferry sailed before noon on the next day.",
    "Ferry: The harbor ferry sails again from Monday at nine, after two months in dock, they say.",
]


def resident():
    """Returns the memory of this process, in bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def interrupt(call, *arguments, handler=signal.default_int_handler):
    """Calls a function in C, sends a signal during the call, and checks that the call fails."""
    # As Ctrl-C does, on every platform.
    timer = threading.Timer(0.2, _thread.interrupt_main)
    # A process that was started in the background may ignore the signal.
    earlier = signal.signal(signal.SIGINT, handler)
    results = []
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            # If the call returned, its result would be here before the handler runs.
            results.extend(map(call, *([argument] for argument in arguments)))
            # After a call that returned, the handler runs here at the latest.
            time.sleep(1)
    finally:
        timer.join()
        signal.signal(signal.SIGINT, earlier)
    assert not results
