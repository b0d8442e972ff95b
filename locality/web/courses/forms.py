"""What is typed and pressed on the pages of classes."""

from datetime import date, time
from decimal import Decimal, InvalidOperation
from uuid import UUID

from locality.base import Viewer
from locality.base.periods import day_of
from locality.neighbourhoods.actions.courses import NewCourse
from locality.neighbourhoods.rules.courses import MEASURES, Came, Measure, PlaceMove, When
from locality.web.forms import Form
from locality.web.tasks.forms import whole

MOVES = {one.value: one for one in PlaceMove}
CAME = {one.value: one for one in Came}
MEASURE = tuple((one.value, told.words, told.hint) for one, told in MEASURES.items())
WHEN = (("before", "Before the class"), ("after", "After the class"))


def new(form: Form, *, teams: dict[str, UUID], services: dict[str, UUID]) -> NewCourse | None:
    """What is held, where, when, for how many; None where something is wrong, which the form then says."""
    team = next(iter(teams.values())) if len(teams) == 1 else form.chosen("team", teams, needed="Choose a team.")
    name = form.words("name", needed="Say what the class is called.")
    where = form.words("where", needed="Say where it meets.")
    what, service = whole(form, "what"), form.chosen("service", services)
    first_on = form.day("first_on", needed="Say on which day it meets first.")
    at = _time(form)
    minutes, sessions = _whole(form, "minutes", "how many minutes"), _whole(form, "sessions", "how many times")
    places, not_on = _whole(form, "places", "how many places"), _days(form, "not_on")
    if form.errors or team is None or first_on is None or at is None:
        return None
    return NewCourse(
        team=team,
        name=name,
        where=where,
        what=what,
        service=service,
        first_on=first_on,
        at=at,
        minutes=minutes,
        sessions=sessions,
        places=places,
        not_on=not_on,
        on_holidays=form.words("on_holidays") == "yes",
    )


def _whole(form: Form, name: str, words: str) -> int:
    typed = form.words(name, needed=f"Say {words}, as a whole number.")
    if typed and not (typed.isascii() and typed.isdecimal() and len(typed) < 5):
        form.errors.append((name, f"Say {words}, as a whole number."))
        return 0
    return int(typed or 0)


def _time(form: Form) -> time | None:
    typed = form.words("at", needed="Say at what time it begins.").replace(".", ":")
    try:
        return time.fromisoformat(typed) if typed else None
    except ValueError:
        form.errors.append(("at", f"\u201c{typed}\u201d is not a time: type hours and minutes, such as 10:30."))
        return None


def _days(form: Form, name: str) -> list[date]:
    """The days on which it does not meet, with commas between."""
    found = []
    for typed in form.words(name).split(","):
        one = Form({name: typed})
        day = one.day(name)
        form.errors += one.errors
        if day is not None:
            found.append(day)
    return found


def places(form: Form) -> int | None:
    """How many places there are from now on."""
    found = _whole(form, "places", "how many places")
    return None if form.errors else found


def said_at_the_door(typed: dict[str, str]) -> dict[UUID, Came]:
    """Who came, of those of whom something was said; what is not understood is left out."""
    found = {}
    for name, value in typed.items():
        if name.startswith("came-") and value in CAME:
            try:
                found[UUID(name.removeprefix("came-"))] = CAME[value]
            except ValueError:
                continue
    return found


def measured(form: Form, *, viewer: Viewer) -> tuple[Measure, When, Decimal, date] | None:
    """What was measured, before or after."""
    measure = form.chosen("measure", {one.value: one for one in Measure}, needed="Choose what was measured.")
    when = form.chosen("when", {one.value: one for one in When}, needed="Choose whether before or after the class.")
    typed = form.words("value", needed="Type what was measured.").replace(",", ".")
    on = form.day("measured_on") or day_of(viewer.at)
    try:
        value = Decimal(typed or "0")
    except InvalidOperation:
        value = Decimal("NaN")
    if typed and (not value.is_finite() or abs(value) > 10_000):
        form.errors.append(("value", f"\u201c{typed}\u201d is not a number: type it in figures, such as 12.5."))
    return None if form.errors or measure is None or when is None else (measure, when, value, on)


def changed(form: Form) -> tuple[str, str, str, int]:
    """What it is called now, where it meets, what it is, and as of which version that was typed."""
    name = form.words("name", needed="Say what the class is called.")
    where = form.words("where", needed="Say where it meets.")
    typed = form.typed.get("version", "")
    version = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0
    return name, where, whole(form, "what"), version
