"""The words of the pages for everybody: plain and short, aimed at a reader of nine to eleven."""

from datetime import date

from locality.web.words import day

CAPACITY_WORDS = {
    "open": "Has room now",
    "waiting": "Has a waiting list",
    "closed": "Takes nobody new now",
}
ACCESS_WORDS = {
    "step-free": "I use a wheelchair or a walking frame",
    "hearing-loop": "I need a hearing loop",
    "sign-language": "I use British Sign Language",
    "interpreter": "I need an interpreter",
    "parking": "I need to park close by",
    "home": "I need somebody to come to me",
    "online": "I want to do it online",
    "telephone": "I want to do it by telephone",
}
# one age stands for a span of them: an exact one is nobody's business here
AGES = {
    "5": "A child under 12",
    "14": "Aged 12 to 17",
    "21": "Aged 18 to 24",
    "45": "Aged 25 to 64",
    "75": "65 or over",
}
WEEKDAYS = {1: "Monday", 2: "Tuesday", 3: "Wednesday", 4: "Thursday", 5: "Friday", 6: "Saturday", 7: "Sunday"}
MONTHS_A_YEAR = 12
STALE_AFTER_DAYS = 365


def checked_words(assured_on: date | None, phone: str, *, on: date) -> str:
    """When somebody last made sure that this is right, and how long ago that was."""
    first = f": {'ring' if phone else 'ask'} before you go"
    if assured_on is None:
        return f"Nobody has checked this yet{first}"
    months = (on.year - assured_on.year) * MONTHS_A_YEAR + on.month - assured_on.month - (on.day < assured_on.day)
    ago = "this month" if months < 1 else "1 month ago" if months == 1 else f"{months} months ago"
    return f"Last checked {ago} ({day(assured_on)}){first if (on - assured_on).days > STALE_AFTER_DAYS else ''}"
