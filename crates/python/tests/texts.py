"""Texts, and a measure, that several test files share."""

import os
from pathlib import Path

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
