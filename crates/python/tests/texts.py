"""Texts that several test files share."""

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
