"""Referrals: the list, on paper and as a table; each by whose turn it is."""

import csv
import io

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from locality.access.rules import DataClass
from locality.base import NoAccess
from locality.base.periods import LONDON
from locality.neighbourhoods.actions.referral_looking import list_referrals
from locality.neighbourhoods.queries import referrals as queries
from locality.neighbourhoods.rules.tasks import may_print
from locality.web.forms import Form
from locality.web.guard import needs, viewer_of
from locality.web.pages import kept_file, page, searched
from locality.web.referrals import forms, words

FILTERS = "referrals_filters"
KEPT = ("of", "state", "urgency")
NOT_ON_PAPER = "The role you signed in with does not take lists of people away: a clinician or social worker does."
HEAD = ("sent", "answer by", "from", "to", "person", "born", "asked", "need", "urgency", "state", "ended")
MOST_TAKEN = 1000


@needs("read", DataClass.WORK)
@require_http_methods(["GET", "POST"])
def referrals(request: HttpRequest) -> HttpResponse:
    """What is asked of us, and what became of what we asked?"""
    viewer, chosen = viewer_of(request), _chosen(request)
    asked = forms.narrowed(chosen)
    found = list_referrals(asked=asked, by=viewer)
    given = {
        "answer": words.answer(found.rows, side=asked.side, more=found.more),
        "found": found,
        "asked": asked,
        "form": Form(chosen),
        "is_narrowed": bool(asked.words or asked.state or asked.urgency),
        "waits": queries.waiting(viewer=viewer),
        "sides": forms.SIDES,
        "states": forms.STATES,
        "urgencies": forms.URGENCIES,
        "may_print": may_print(viewer),
        "say": words,
        "viewer": viewer,
    }
    return page(request, "referrals/list.jinja", given)


@needs("export", DataClass.WORK)
@require_GET
def referrals_print(request: HttpRequest) -> HttpResponse:
    """The same on paper, for those whose role may take people away in bulk."""
    viewer = viewer_of(request)
    if not may_print(viewer):
        raise NoAccess(NOT_ON_PAPER)
    asked = forms.narrowed(_chosen(request))
    found = list_referrals(asked=asked, by=viewer, what="referral.printed")
    given = {
        "answer": words.answer(found.rows, side=asked.side, more=found.more),
        "found": found,
        "say": words,
        "printed_by": f"{viewer.name}, {viewer.organisation_name}",
    }
    return page(request, "referrals/print.jinja", given)


@needs("export", DataClass.WORK)
@require_GET
def referrals_table(request: HttpRequest) -> HttpResponse:
    """The same as a table."""
    viewer = viewer_of(request)
    if not may_print(viewer):
        raise NoAccess(NOT_ON_PAPER)
    asked = forms.narrowed(_chosen(request))
    found = list_referrals(asked=asked, by=viewer, what="referral.exported", most=MOST_TAKEN)
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow(HEAD)
    for one in found.rows:
        lines.writerow(_plain(cell) for cell in _cells(one))
    return kept_file(written.getvalue().encode(), kind="text/csv; charset=utf-8", name="referrals.csv")


def _cells(one: queries.Listed) -> list[str]:
    days = [at.astimezone(LONDON).strftime("%Y-%m-%d %H:%M") if at else "" for at in (one.sent_at, one.answer_by)]
    ended = one.ended_at.astimezone(LONDON).strftime("%Y-%m-%d") if one.ended_at else ""
    who = f"{one.person.family}, {one.person.given}"
    return [*days, one.from_name, one.to_name, who, str(one.person.birth_on or ""), one.asked, one.need] + [
        str(one.urgency),
        words.state(one),
        ended,
    ]


def _plain(cell: str) -> str:
    # a spreadsheet takes what begins so for a formula
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _chosen(request: HttpRequest) -> dict[str, str]:
    """What narrows the list: what was asked now, else what was asked before; what was searched for is not kept."""
    chosen = searched(request)
    if chosen:
        request.session[FILTERS] = {name: chosen[name][:40] for name in KEPT if chosen.get(name)}
        return chosen
    return dict(request.session.get(FILTERS, {}))
