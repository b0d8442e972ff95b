"""Breaking the glass, and what somebody may see and why."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.access import actions, queries, rules
from locality.access.rules import MOST_LETTERS, WHY_BROKEN_WORDS, DataClass
from locality.base import NoAccess, Refused
from locality.base.periods import day_of
from locality.directory import queries as directory
from locality.web import session
from locality.web.access.words import ANSWER_WORDS, access_lines, reason_lines
from locality.web.find.views import line_of
from locality.web.forms import Form
from locality.web.guard import at_of, needs, viewer_of
from locality.web.pages import page

CHOOSE = "Choose why you need to open this record now."
SAY_WHY = "Say in a few words why you need to open it: your privacy officer will read them."
TOO_LONG = f"That is longer than {MOST_LETTERS:,} letters: say it shorter."


@needs("act", DataClass.ID)
@require_http_methods(["GET", "POST"])
def break_glass(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Do you need to see this record now? A reason, and it opens for three hours at most."""
    viewer = viewer_of(request)
    if not rules.may_break_glass(viewer):
        raise NoAccess(actions.glass.ROLE_CANNOT)
    form = Form(request.POST.dict())
    if request.method == "POST" and (why := _why(form)):
        told: dict[str, Any] = {"words": form.typed.get("words", ""), "team": _team(form.typed.get("team", ""))}
        made = actions.break_glass(person_id=person_id, reason_code=why, by=viewer, **told)
        return redirect("person", made.person_id)
    one = actions.confirm(person_id=person_id, by=viewer)
    given = {
        "person": line_of(one, at=at_of(request)),
        "form": form,
        "reasons": [(str(code), words) for code, words in WHY_BROKEN_WORDS.items()],
        "teams": [(str(one.pk), one.name) for one in directory.teams(day_of(viewer.at)).filter(pk__in=viewer.teams)],
        "hours": rules.TABLES.longest_hours,
    }
    return page(request, "access/break_glass.jinja", given, status=422 if form.errors else 200)


def _why(form: Form) -> str:
    """The reason that was chosen, where words are given for it too; else nothing, which the form then says."""
    why, words = form.typed.get("why", ""), form.typed.get("words", "")
    if why not in set(WHY_BROKEN_WORDS):
        form.errors.append(("why", CHOOSE))
    if not any(letter.isalnum() for letter in words):
        form.errors.append(("words", SAY_WHY))
    elif len(words.strip()) > MOST_LETTERS:
        form.errors.append(("words", TOO_LONG))
    return "" if form.errors else why


def _team(typed: str) -> UUID | None:
    try:
        return UUID(typed) if typed else None
    except ValueError:
        raise Refused("Choose one of your own teams.") from None


@needs("act", DataClass.ID)
@require_POST
def close_glass(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """End it now."""
    if actions.glass.end_overrides(person_id=person_id, by=viewer_of(request)):
        request.session[session.UNDO] = {"words": "The record is closed to you again.", "address": ""}
    return redirect("my_access")


@needs("read", DataClass.WORK)
@require_GET
def my_access(request: HttpRequest) -> HttpResponse:
    """What can I see, and why?"""
    viewer = viewer_of(request)
    mine = queries.my_access(viewer=viewer)
    role = rules.ROLE_WORDS.get(rules.RoleCode(viewer.role), viewer.role)
    given = {
        "role": role,
        "organisation": viewer.organisation_name,
        "mine": mine,
        "lines": access_lines(mine),
        "reasons": reason_lines(mine),
        "answers": list(ANSWER_WORDS.values()),
    }
    return page(request, "access/my_access.jinja", given)
