"""What happens next, and the way to everything else of one's own; the same on paper; and larger letters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from locality.access import queries as access
from locality.access.actions import open_record
from locality.access.queries.involved import Involved
from locality.access.rules import OBJECTION_WORDS, DataClass, RelationKind
from locality.base import Viewer
from locality.neighbourhoods.queries import corrections, mine, outbox, plans, untold
from locality.neighbourhoods.queries.course_shapes import OfPerson
from locality.neighbourhoods.queries.mine import Coming
from locality.neighbourhoods.rules.courses import PlaceState
from locality.neighbourhoods.rules.plans import ActionState, Who
from locality.record.queries.shapes import Fact
from locality.web import session
from locality.web.guard import needs, viewer_of
from locality.web.pages import page
from locality.web.words import counted, moment

own = needs("read", DataClass.ID, people=True, practitioners=False)
own_act = needs("act", DataClass.ID, people=True, practitioners=False)
# why they know the person, in words that are not ours
HELP_WORDS = {
    RelationKind.REGISTERED_PRACTICE: "GP practice",
    RelationKind.CASELOAD: "Looks after {whom}",
    RelationKind.EPISODE: "Helps {whom} for a while",
    RelationKind.MEETING: "Talks about {whom} in a team meeting",
    RelationKind.DUTY: "Steps in when others are away",
    RelationKind.CARE_HOME: "Care home",
    RelationKind.REFERRAL: "Was asked to help {whom}",
    RelationKind.VISIT: "Visits {whom}",
}


@own
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What happens next, and who is helping me?"""
    return page(request, "me/home.jinja", _given(viewer_of(request), "record.opened"))


@own
@require_GET
def print_all(request: HttpRequest) -> HttpResponse:
    """All of this on paper: what comes, the plan, who helps, what was written and what was asked."""
    viewer = viewer_of(request)
    given = _given(viewer, "record.printed")
    return page(request, "me/print.jinja", given | {"printed_by": viewer.name, "objection_words": OBJECTION_WORDS})


@own_act
@require_POST
def larger(request: HttpRequest) -> HttpResponse:
    """Larger letters, or as they were, until one signs out."""
    request.session[session.LARGE] = request.POST.get("large") == "yes"
    back = request.POST.get("back", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if is_ours else "me_home")


@dataclass(frozen=True, slots=True)
class Next:
    """One thing that happens: when, what, more about it, and who says so; `state` where it has no moment of its own."""

    at: datetime | None
    what: str
    words: str
    said_by: str
    state: str = ""


def _given(viewer: Viewer, what: str) -> dict[str, Any]:
    grant = open_record(person_id=viewer.acts_for or viewer.id, by=viewer, what=what)
    plan, coming = plans.plan(grant=grant, at=viewer.at), mine.coming(grant=grant)
    messages = outbox.to_person(viewer=viewer)
    asked = corrections.of_person(grant=grant)
    mine_to_do = [one for one in plan.actions if one.content.who in (Who.PERSON, Who.CARER)]
    facts = plan.known.next.facts
    nexts, waited = _nexts(facts, mine.times_of(grant=grant, lines=[fact.id for fact in facts]), coming)
    return {
        "answer": _answer(nexts, waited, viewer),
        "nexts": nexts,
        "waited": waited,
        "next_panel": plan.known.next,
        "coming": coming,
        "plan": plan,
        "my_actions": [one for one in mine_to_do if one.state not in DONE],
        "messages": messages,
        "to_answer": sum(one.may_answer for one in messages),
        "asked": asked,
        "waiting": sum(one.waits for one in asked),
        "involved": [_helper(one, viewer) for one in _each_once(untold.helping(grant=grant))],
        "marks": access.marks(grant),
        "pronoun": "them" if viewer.acts_for else "you",
    }


DONE = (ActionState.DONE, ActionState.NOT_DONE)


def _nexts(facts: Sequence[Fact], times: Mapping[UUID, datetime], coming: Coming) -> tuple[list[Next], list[Next]]:
    """What has a moment still to come, the soonest first; and what is waited for or still to be done."""
    told = [_next(fact, times.get(fact.id)) for fact in facts if not fact.struck and not fact.not_hers]
    booked = [Next(one.booked_at, one.to_name, one.booked_where, f"{one.by_name} asked") for one in coming.booked]
    classes = [_meeting(one) for one in coming.classes]
    dated = [(one.at, one) for one in (*booked, *classes, *told) if one.at]
    dated.sort(key=lambda pair: pair[0])
    return [one for _, one in dated], [one for one in (*classes, *told) if not one.at]


def _meeting(one: OfPerson) -> Next:
    """The next meeting of a class; a time of one's own it is only for whoever has a place."""
    if one.state != PlaceState.COMING:
        ring = f", and ring {one.phone} to say yes or no" if one.phone else ""
        words = f"Waiting for a place, {one.where}" if one.state == PlaceState.WAITING else f"Invited{ring}"
        return Next(None, one.name, f"{words}. It meets {moment(one.next_at)}", one.team)
    after = f". It meets {counted(one.meets_after - 1, 'more time')} after that" if one.meets_after > 1 else ""
    return Next(one.next_at, one.name, f"{one.where}{after}", one.team)


def _next(fact: Fact, at: datetime | None) -> Next:
    said_by = ", ".join(sender.name for sender in fact.senders)
    words = fact.value if at else ", ".join(part for part in (fact.value, fact.happened_text) if part)
    return Next(at, fact.title, words, said_by, "" if at else fact.state)


def _answer(nexts: list[Next], waited: list[Next], viewer: Viewer) -> str:
    if nexts:
        return f"Next: {nexts[0].what}, {moment(nexts[0].at)}"
    whose = f"{viewer.acts_for_name}\u2019s" if viewer.acts_for else "your"
    if waited:
        return f"{counted(len(waited), 'thing')} on {whose} list, and none has a time yet"
    return f"Nothing is on {whose} list now"


def _each_once(found: list[Involved]) -> list[Involved]:
    """One line for each who helps: the same team may know somebody for several reasons."""
    told: dict[str, Involved] = {}
    for one in sorted(found, key=lambda one: list(HELP_WORDS).index(RelationKind(one.kind))):
        told.setdefault(one.name, one)
    return list(told.values())


def _helper(one: Involved, viewer: Viewer) -> tuple[Involved, str]:
    whom = "them" if viewer.acts_for else "you"
    return one, HELP_WORDS[RelationKind(one.kind)].format(whom=whom)
