"""Finding a person, and making sure it is the right one."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.access import actions
from locality.access.actions import Found, Search
from locality.access.actions.adding import may_add
from locality.access.rules import DataClass, may_decide_identity
from locality.base.periods import day_of
from locality.base.words import nhs_number_words
from locality.methods.nhs_number import plain
from locality.people.queries import Born
from locality.web.guard import at_of, needs, viewer_of
from locality.web.pages import page
from locality.web.words import age, day

BORN_FORMS = ("%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%d%m%Y")
NOT_A_DATE = "Type the birth date as day, month, year: 12/2/1942 or 12 Feb 1942."
NOTHING_TYPED = "Type an NHS number, or a name."


@needs("read", DataClass.ID)
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Who are you looking for? Searches come by POST: names and numbers stay out of addresses and logs."""
    words, born = request.POST.get("words", "").strip(), request.POST.get("born", "").strip()
    between = born_between(born, today=day_of(at_of(request)))
    errors = []
    if request.method == "POST" and not words:
        errors.append(("words", NOTHING_TYPED))
    if born and between is None:
        errors.append(("born", NOT_A_DATE))
    asked = request.method == "POST" and not errors
    given: dict[str, Any] = {"words": words, "born": born, "born_words": _born_words(between), "errors": errors}
    given["may_add"] = may_add(viewer_of(request))
    if not asked:
        return page(request, "find.jinja", given | NOT_ASKED, status=422 if errors else 200)
    search = actions.find(words=words, born=between, by=viewer_of(request))
    return page(request, "find.jinja", given | _answered(search, words=words, at=at_of(request)))


NOT_ASKED = {"asked": False, "found": (), "more": False, "searched": "", "alternatives": ()}


@needs("read", DataClass.ID)
@require_GET
def confirm_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Is this the right person?"""
    one = actions.confirm(person_id=person_id, by=viewer_of(request))
    line = line_of(one, at=at_of(request))
    rows = [("Born", line.born_words.removeprefix("born ")), ("Sex", line.sex.capitalize())]
    rows += [("NHS number ends", line.last_digits), *([("Postcode area", line.area)] if line.area else [])]
    why = (
        ""
        if one.may_open or may_decide_identity(viewer_of(request))
        else "They are not on your team's list: unless there is another reason, you will be refused."
    )
    return page(request, "confirm_person.jinja", {"person": line, "rows": rows, "why_asked": why})


@needs("read", DataClass.ID)
@require_POST
def open_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Yes, this one. Whoever decides who is who opens no record, and goes on to what makes the person one."""
    return redirect("identity_person" if may_decide_identity(viewer_of(request)) else "person", person_id)


def born_between(words: str, *, today: date) -> Born | None:
    """A birth date as people type it, day first, or the year alone; two-digit years never lie ahead."""
    if re.fullmatch(r"(19|20)\d\d", words):
        return date(int(words), 1, 1), date(int(words), 12, 31)
    for form in BORN_FORMS:
        try:
            read = datetime.strptime(words.replace(",", ""), form).date()  # noqa: DTZ007 -- a day, not a moment
        except ValueError:
            continue
        born = read.replace(year=read.year - 100) if read > today else read
        return born, born
    return None


def _born_words(between: Born | None) -> str:
    if between is None:
        return ""
    return day(between[0]) if between[0] == between[1] else f"some day in {between[0].year}"


def _answered(search: Search, *, words: str, at: datetime) -> dict[str, object]:
    what = nhs_number_words(plain(words)) if search.looked_for == "NHS number" else f"\u201c{words}\u201d"
    searched = f"Looked for the {search.looked_for} {what} in every organisation connected. {search.hint}"
    parts = words.split()
    fewer = [(part, "by this part of the name alone") for part in parts if len(parts) > 1 and not part.isdigit()]
    return {
        "asked": True,
        "found": [line_of(one, at=at) for one in search.found],
        "more": search.more,
        "searched": searched,
        "alternatives": [] if search.found else fewer,
    }


@dataclass(frozen=True, slots=True)
class Line:
    """One person found, in words."""

    id: UUID
    family: str
    given: str
    likes: str
    born_words: str
    age_words: str
    sex: str
    last_digits: str
    area: str
    why: str
    tag: str
    tag_kind: str


def line_of(one: Found, *, at: datetime) -> Line:
    """One person found, in words: no more than tells whether they are the right one."""
    year = f"born {one.birth_year}" if one.birth_year else "birth date not known"
    return Line(
        id=one.id,
        family=one.family,
        given=one.given,
        likes=one.likes,
        born_words=f"born {day(one.birth_on)}" if one.birth_on else year,
        age_words=age(one.birth_on, at) if one.birth_on and not one.died else "",
        sex=one.sex or "sex not known",
        last_digits=one.nhs_number_end or "not known",
        area=one.postcode_area or ("area not shown" if one.may_open else ""),
        why=one.practice_words,
        tag="Has died" if one.died else "On your list" if one.may_open else "",
        tag_kind="quiet" if one.died else "good",
    )
