"""Who may know: what I let be shared, what follows from saying no, and who acts for me."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from locality.access import actions, queries
from locality.access.actions import open_record
from locality.access.queries import Grant
from locality.access.rules import DataClass, ObjectionKind
from locality.base import Refused
from locality.people.queries import patients_of
from locality.web import session
from locality.web.forms import Form
from locality.web.guard import needs, viewer_of
from locality.web.pages import page

own = needs("read", DataClass.ID, people=True, practitioners=False)
own_act = needs("act", DataClass.ID, people=True, practitioners=False)
CHOOSE = "Choose one of these first."
ALL, PLANNING = "all", "planning"
MY_WORDS = "Said on their own page"
SAID = {
    ObjectionKind.SHARING: "What others wrote about you is not shared",
    ObjectionKind.SECONDARY_USE: "Your record is not used for planning or research",
}
FOLLOWS = {
    ALL: (
        "Each organisation sees only what it wrote itself. You may be asked the same things again, and they may not "
        "know of an allergy or a medicine."
    ),
    PLANNING: "You are left out when figures are made to plan services. Your care does not change.",
}
OF_ONE = "Nobody else sees it any more. {name} still can."
NOT_FOR_THEM = "Only they themselves can change this here. If they cannot, ask whoever looks after them."


@own
@require_GET
def sharing(request: HttpRequest) -> HttpResponse:
    """Who may know what about me, and what happens if I say no?"""
    return _sharing(request, Form({}))


def _sharing(request: HttpRequest, form: Form) -> HttpResponse:
    viewer = viewer_of(request)
    grant = open_record(person_id=viewer.acts_for or viewer.id, by=viewer, what="consent.opened")
    marks = queries.marks(grant)
    given = {
        "answer": _answer([one.kind for one in marks.objections], "They let" if viewer.acts_for else "You let"),
        "marks": marks,
        "said": SAID,
        "may_choose": not viewer.acts_for,
        "not_for_them": NOT_FOR_THEM,
        "choices": _choices(grant, marks),
        "form": form,
    }
    return page(request, "me/sharing.jinja", given, status=422 if form.errors else 200)


def _answer(kinds: list[str], who: str) -> str:
    if ObjectionKind.SHARING in kinds:
        return f"{who} some things be shared, and said no to others"
    if kinds:
        return f"{who} those who help share what they know, and said no to planning and research"
    return f"{who} those who help share what they know"


def _choices(grant: Grant, marks: queries.Marks) -> list[tuple[str, str, str]]:
    """What can still be said no to: each with what follows."""
    standing = {(one.kind, one.organisation_id) for one in marks.objections}
    found = []
    if (ObjectionKind.SHARING, None) not in standing:
        found.append((ALL, "Do not share anything that others wrote about me", FOLLOWS[ALL]))
        for one in _senders(grant):
            if (ObjectionKind.SHARING, one[0]) not in standing:
                found.append((str(one[0]), f"Do not share what {one[1]} wrote", OF_ONE.format(name=one[1])))
    if (ObjectionKind.SECONDARY_USE, None) not in standing:
        found.append((PLANNING, "Do not use my record for planning or research", FOLLOWS[PLANNING]))
    return found


def _senders(grant: Grant) -> list[tuple[UUID, str]]:
    """The organisations that sent something about them."""
    rows = patients_of(list(grant.person_ids))
    held = {row.source.organisation_id: row.source.organisation.name for row in rows}
    return sorted(held.items(), key=lambda one: one[1])


@own_act
@require_POST
def object_to(request: HttpRequest) -> HttpResponse:
    """I say no to this."""
    viewer, chosen = viewer_of(request), request.POST.get("choice", "")
    if viewer.acts_for:
        raise Refused(NOT_FOR_THEM)
    if not chosen:
        return _sharing(request, Form({}, [("choice", CHOOSE)]))
    kind = ObjectionKind.SECONDARY_USE if chosen == PLANNING else ObjectionKind.SHARING
    of = _id(chosen) if chosen not in (ALL, PLANNING) else None
    if of is None and chosen not in (ALL, PLANNING):
        return _sharing(request, Form({}, [("choice", CHOOSE)]))
    words = request.POST.get("words", "").strip() or MY_WORDS
    try:
        actions.record_objection(person_id=viewer.id, kind=kind, words=words, organisation=of, by=viewer)
    except Refused as refused:
        return _sharing(request, Form({}, [("choice", str(refused))]))
    told = "Written down, and it holds from now on. You can change it back below."
    request.session[session.UNDO] = {"words": told, "address": ""}
    return redirect("me_sharing")


@own_act
@require_POST
def object_no_more(request: HttpRequest, objection_id: UUID) -> HttpResponse:
    """I say yes again."""
    viewer = viewer_of(request)
    if viewer.acts_for:
        raise Refused(NOT_FOR_THEM)
    words = request.POST.get("words", "").strip() or MY_WORDS
    actions.withdraw_objection(objection_id=objection_id, words=words, of=viewer.id, by=viewer)
    request.session[session.UNDO] = {"words": "It is shared again, from now on.", "address": ""}
    return redirect("me_sharing")


def _id(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None
