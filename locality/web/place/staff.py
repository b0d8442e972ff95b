"""Staff, for the administrator who keeps the list of them: who works here, on a page, on paper, and one of them."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from locality.access.queries import staff as access
from locality.access.rules import DataClass
from locality.base.periods import day_of
from locality.directory import queries as directory
from locality.web.guard import at_of, needs, viewer_of
from locality.web.pages import page
from locality.web.place import staff_words, words

EVERYBODY = 10_000


@needs("run", DataClass.WORK)
@require_GET
def staff(request: HttpRequest) -> HttpResponse:
    """Who works here, and whose time ends soon?"""
    viewer, on, asked = viewer_of(request), day_of(at_of(request)), _asked(request)
    number = request.GET.get("page", "1")
    found = access.staff(viewer=viewer, asked=asked, page=int(number) if number.isdecimal() else 1)
    given = {
        "found": found,
        "asked": asked,
        "answer": staff_words.answer(found, asked),
        "lines": staff_words.lines(found.members, on),
        "employers": list(access.employers(viewer=viewer)),
        "teams": list(directory.teams(on)),
        "as_asked": _as_asked,
        "any": any((asked.words, asked.employer, asked.team, asked.ends_soon, asked.here != access.Here.HERE)),
    }
    return page(request, "place/staff.jinja", given)


@needs("run", DataClass.WORK)
@require_GET
def staff_print(request: HttpRequest) -> HttpResponse:
    """The same on paper, all of it."""
    viewer, on, asked = viewer_of(request), day_of(at_of(request)), _asked(request)
    found = access.staff(viewer=viewer, asked=asked, most=EVERYBODY)
    given = {
        "answer": staff_words.answer(found, asked),
        "lines": staff_words.lines(found.members, on),
        "chosen": staff_words.chosen(asked),
        "back": _as_asked(asked),
        "printed_by": f"{viewer.name}, {viewer.organisation_name}",
    }
    return page(request, "place/staff_print.jinja", given)


def _asked(request: HttpRequest) -> access.Asked:
    told = request.GET
    here = told.get("here", "")
    return access.Asked(
        words=" ".join(told.get("words", "").split()),
        employer=told.get("employer", ""),
        team=told.get("team", ""),
        ends_soon=told.get("soon", "") == "yes",
        here=access.Here(here) if here in list(access.Here) else access.Here.HERE,
    )


def _as_asked(asked: access.Asked, **other: Any) -> str:
    """The same question again, with something changed, as the end of an address."""
    told = {
        "words": asked.words,
        "employer": asked.employer,
        "team": asked.team,
        "soon": "yes" if asked.ends_soon else "",
        "here": str(asked.here),
    }
    return urlencode({name: value for name, value in (told | other).items() if value})


def member_given(request: HttpRequest, practitioner_id: UUID) -> dict[str, Any]:
    """What the page of one of the staff shows, whatever is typed on it."""
    viewer, on = viewer_of(request), day_of(at_of(request))
    one = access.member(viewer=viewer, practitioner_id=practitioner_id)
    now, other = staff_words.now_and_other(one, on)
    return {
        "one": one,
        "answer": staff_words.member_answer(one, on),
        "now_does": now,
        "other": other,
        "own": one.practitioner.pk == viewer.id,
        "leavable": [held for held in one.memberships if _goes_on(held, on)],
        "roles": staff_words.role_choices(),
        "on": on,
        "say": words,
    }


def _goes_on(row: Any, on: date) -> bool:
    return row.ends_on is None or row.ends_on > on
