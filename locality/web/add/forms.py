"""What is typed about somebody new: read field by field, or told what is wrong with it and what to type."""

import re
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from locality.access.actions.adding import CAME_WORDS, NO_NAME, NO_REASON, NOT_A_NUMBER, Came, Newcomer
from locality.base.ids import new_id
from locality.methods.nhs_number import NhsNumberState, plain, state
from locality.record.headlines.patient import postcode
from locality.web.find.views import NOT_A_DATE, born_between
from locality.web.forms import Form

FIELDS = (
    *("given", "family", "likes", "born", "age", "sex", "address", "postcode", "phone", "nhs_number", "came", "why"),
    "team",
)
LONGEST = {"given": 200, "family": 200, "likes": 200, "address": 500, "postcode": 10, "phone": 50, "why": 500}
OLDEST = 120
SEXES = (("female", "Female"), ("male", "Male"), ("other", "Other"))
COMES = tuple(CAME_WORDS.items())


def form_of(typed: Mapping[str, str]) -> Form:
    """The form as it was typed, without what cannot be seen: it would part one name from the same."""
    return Form({name: _seen(words) for name, words in typed.items()})


def _seen(words: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in words).split())


def from_search(words: str, born: str) -> dict[str, str]:
    """What was searched for and not found, as the form begins: nobody types it twice."""
    number = plain(words)
    if number.isdigit():
        return {"nhs_number": words, "born": born}
    given, _, family = words.strip().rpartition(" ")
    return {"given": given.strip(), "family": family, "born": born}


def filling(typed: str) -> str:
    """The mark of one filling of the form, so that sent twice it is one."""
    try:
        return str(UUID(typed))
    except ValueError:
        return str(new_id())


def newcomer(form: Form, *, today: date, teams: Mapping[str, UUID]) -> Newcomer | None:
    """Who is to be added; nothing when something is wrong, which the form then says."""
    told = {name: form.words(name) for name in FIELDS}
    form.errors += [
        (name, f"That is longer than {most} letters: type it shorter.")
        for name, most in LONGEST.items()
        if len(told[name]) > most
    ]
    if not any((told["given"], told["family"], told["likes"])):
        form.errors.append(("given", NO_NAME))
    number = plain(told["nhs_number"])
    if number and state(number) != NhsNumberState.VALID:
        form.errors.append(("nhs_number", NOT_A_NUMBER))
    came = form.chosen("came", {code.value: code for code in Came}, needed="Say how they came to you.")
    form.words("why", needed=NO_REASON)
    team = _team(form, teams)
    born = _born(form, today=today)
    if form.errors or came is None:
        return None
    return Newcomer(
        given=told["given"],
        family=told["family"],
        likes=told["likes"],
        birth_on=born[0] if born and born[0] == born[1] else None,
        birth_text=_birth_text(form, born),
        born=born,
        sex=told["sex"] if told["sex"] in dict(SEXES) else "",
        postcode=postcode(told["postcode"]),
        address_lines=tuple(line.strip() for line in told["address"].split(",") if line.strip()),
        phone=told["phone"],
        nhs_number=number,
        came=came,
        why=told["why"],
        team=team,
    )


Born = tuple[date, date]


def _team(form: Form, teams: Mapping[str, UUID]) -> UUID | None:
    """The one team there is, or the one chosen; none for whoever works in none."""
    if len(teams) < 2:
        return next(iter(teams.values()), None)
    return form.chosen("team", teams, needed="Choose which of your teams adds them.")


def _born(form: Form, *, today: date) -> Born | None:
    """The day, or the first and last day, on which they may have been born; None where nothing is known."""
    typed, age = form.words("born"), form.words("age")
    if typed:
        born = born_between(typed, today=today)
        if born is None or born[0] > today or born[1].year < today.year - OLDEST:
            form.errors.append(("born", NOT_A_DATE))
        return born
    if not age:
        return None
    found = re.search(r"\d{1,3}", age)
    if found is None or int(found[0]) > OLDEST:
        form.errors.append(("age", "Type about how many years old they are: 75."))
        return None
    year = today.year - int(found[0])
    # somebody thought to be 75 may well be 72
    return date(year - 3, 1, 1), min(date(year + 3, 12, 31), today)


def _birth_text(form: Form, born: Born | None) -> str:
    """As a date of FHIR; where only an age was guessed, the year says so wherever it is shown."""
    if born is None:
        return ""
    if form.words("born"):
        return born[0].isoformat() if born[0] == born[1] else str(born[0].year)
    return f"{born[0].year + 3} or so"
