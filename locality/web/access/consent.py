"""What a person objects to, who acts for them, and who may know where they live."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from locality.access import actions, queries, rules
from locality.access.actions import open_record
from locality.access.rules import (
    OBJECTION_WORDS,
    PROXY_WORDS,
    ConflictKind,
    DataClass,
    ObjectionKind,
    may_grant_address,
)
from locality.directory import queries as directory
from locality.record.queries import face
from locality.web import session
from locality.web.access.words import glass_of, limits_words
from locality.web.forms import Form
from locality.web.guard import at_of, needs, viewer_of
from locality.web.pages import page

CHOOSE_KIND = "Choose what they object to."
SAY_HOW = "Say how they told you, so that the next reader knows."
SAY_WHY = "Say why, so that the next reader knows."
# what somebody may say of themselves; the rest the privacy officer says
OF_MYSELF = [
    (ConflictKind.OWN_RECORD, "It is my own record"),
    (ConflictKind.FAMILY, "They are family"),
    (ConflictKind.HOUSEHOLD, "We live together"),
    (ConflictKind.DECLARED, "I know them"),
]


@needs("read", DataClass.SUM)
@require_GET
def consent(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """What have they said about sharing, and who acts for them?"""
    return _consent(request, person_id)


def _consent(
    request: HttpRequest,
    person_id: UUID,
    *,
    form: Form | None = None,
) -> HttpResponse:
    form = form or Form({})
    grant = open_record(person_id=person_id, by=viewer_of(request), what="consent.opened")
    found = queries.marks(grant)
    actions.show(people_ids=sorted({one.who.pk for one in found.proxies}), what="proxy.listed", by=grant.viewer)
    given = {
        "about": face(grant=grant, at=at_of(request)),
        "glass": glass_of(grant),
        "answer": _answer(found),
        "marks": found,
        "may_write": grant.opening.writes,
        "may_name": grant.opening.writes and rules.may_name_proxies(grant.viewer),
        "may_release": rules.may_release_some(grant.viewer),
        "limits": limits_words,
        "may_grant_address": (
            grant.opening.context.protected and grant.opening.writes and may_grant_address(grant.viewer)
        ),
        "objection_words": OBJECTION_WORDS,
        "proxy_words": PROXY_WORDS,
        "kinds": list(OBJECTION_WORDS.items()),
        "organisations": [(str(one.pk), f"What {one.name} sent") for one in directory.organisations()],
        "conflicts": OF_MYSELF,
        "form": form,
    }
    return page(request, "access/consent.jinja", given, status=422 if form.errors else 200)


def _answer(found: queries.Marks) -> str:
    sharing = [one for one in found.objections if one.kind == ObjectionKind.SHARING]
    if any(one.organisation_id is None for one in sharing):
        return "They object to their record being shared between organisations."
    if sharing:
        return "They object to some of their record being shared between organisations."
    if found.objections:
        return "They object to secondary use of their record, which does not touch their care."
    return "They have not objected to sharing."


@needs("act", DataClass.SUM)
@require_POST
def objection(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """They object."""
    form = Form(request.POST.dict())
    kind = form.chosen("kind", {str(code): code for code in OBJECTION_WORDS}, needed=CHOOSE_KIND)
    words = form.words("words", needed=SAY_HOW)
    if form.errors or kind is None:
        return _consent(request, person_id, form=form)
    of = _id(form.words("organisation")) if kind == ObjectionKind.SHARING else None
    actions.record_objection(person_id=person_id, kind=kind, words=words, organisation=of, by=viewer_of(request))
    request.session[session.UNDO] = {"words": "Written down, and it holds from now on.", "address": ""}
    return redirect("consent", person_id)


@needs("act", DataClass.SUM)
@require_POST
def objection_withdrawn(request: HttpRequest, person_id: UUID, objection_id: UUID) -> HttpResponse:
    """They no longer object."""
    words = request.POST.get("words", "").strip()
    if not words:
        return _consent(request, person_id, form=Form({}, [(f"why-{objection_id}", SAY_HOW)]))
    actions.withdraw_objection(objection_id=objection_id, words=words, of=person_id, by=viewer_of(request))
    request.session[session.UNDO] = {"words": "Withdrawn, from now on.", "address": ""}
    return redirect("consent", person_id)


@needs("act", DataClass.SUM)
@require_POST
def proxy_ended(request: HttpRequest, person_id: UUID, proxy_id: UUID) -> HttpResponse:
    """Somebody no longer acts for them."""
    words = request.POST.get("words", "").strip()
    if not words:
        return _consent(request, person_id, form=Form({}, [(f"why-{proxy_id}", SAY_WHY)]))
    actions.end_proxy(proxy_id=proxy_id, words=words, of=person_id, by=viewer_of(request))
    request.session[session.UNDO] = {"words": "They no longer act for this person, from now on.", "address": ""}
    return redirect("consent", person_id)


@needs("act", DataClass.ID)
@require_POST
def conflict(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """I know this person: the record closes to me."""
    viewer = viewer_of(request)
    kind, words = request.POST.get("conflict", ""), request.POST.get("words", "")
    actions.declare_conflict(practitioner=viewer.id, person_id=person_id, kind=kind, words=words, by=viewer)
    told = "Written down: this record is closed to you from now on. Your privacy officer can change it."
    request.session[session.UNDO] = {"words": told, "address": ""}
    return redirect("my_access")


def _id(typed: str) -> UUID | None:
    try:
        return UUID(typed) if typed else None
    except ValueError:
        return None
