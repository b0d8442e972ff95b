"""One referral: what is asked, what was sent with it, how it came to be so; answering it, and taking that back."""

from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from locality.access.rules import DataClass
from locality.base import NoAccess, NotFound, Refused
from locality.neighbourhoods.actions import referral_answers, referral_links
from locality.neighbourhoods.actions.referral_in import take_away
from locality.neighbourhoods.actions.referral_looking import open_referral
from locality.neighbourhoods.queries import referral_links as links
from locality.neighbourhoods.rules.referrals import MOVES, UNDONE, ReferralMove
from locality.neighbourhoods.rules.tasks import may_print
from locality.record.queries import face
from locality.web import refusals, session
from locality.web.access.words import glass_of
from locality.web.forms import Form
from locality.web.guard import needs, viewer_of
from locality.web.pages import kept_file, page
from locality.web.referrals import forms, words
from locality.web.referrals.refer import link_of
from locality.web.referrals.views import NOT_ON_PAPER


@needs("read", DataClass.WORK)
@require_GET
def referral(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """What is asked for them, of whom, and how does it stand?"""
    return open_page(request, referral_id, Form({}))


@needs("act", DataClass.WORK)
@require_POST
def move(request: HttpRequest, referral_id: UUID, doing: str) -> HttpResponse:
    """Accept, say no, ask, book, say what came of it ...: one press."""
    form = Form(request.POST.dict())
    if doing not in forms.MOVES:
        raise NotFound("There is no such page here.")
    chosen = forms.MOVES[doing]
    said = forms.said(form, chosen)
    if said is None:
        return open_page(request, referral_id, form, opened=doing)
    try:
        referral_answers.move(referral=referral_id, move=chosen, said=said, by=viewer_of(request))
    except Refused as refused:
        refusals.write_down(request, refused)
        form.errors.append((FIELDS.get(chosen, doing), str(refused)))
        return open_page(request, referral_id, form, opened=doing)
    undo = reverse("referral_undo", args=[referral_id]) if chosen in UNDONE else ""
    request.session[session.UNDO] = {"words": words.DONE[chosen], "address": undo}
    return redirect("referral", referral_id)


# what a refused answer lacks stands at the field that would hold it
FIELDS = {
    ReferralMove.DECLINE: "declined",
    ReferralMove.FINISH: "outcome",
    ReferralMove.ASK_MORE: "ask_more_words",
    ReferralMove.ANSWER_MORE: "answer_more_words",
    ReferralMove.BOOK: "booked_on",
}


@needs("act", DataClass.WORK)
@require_POST
def undo(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """It was pressed by mistake."""
    try:
        referral_answers.undo(referral=referral_id, by=viewer_of(request))
        said = "Taken back: it stands as it did before."
    except Refused as refused:
        refusals.write_down(request, refused)
        said = str(refused)
    request.session[session.UNDO] = {"words": said, "address": ""}
    return redirect("referral", referral_id)


@needs("act", DataClass.WORK)
@require_POST
def unsent(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """It was sent by mistake."""
    try:
        referral_answers.move(referral=referral_id, move=ReferralMove.WITHDRAW, by=viewer_of(request))
        said = words.DONE[ReferralMove.WITHDRAW]
    except Refused as refused:
        refusals.write_down(request, refused)
        said = str(refused)
    request.session[session.UNDO] = {"words": said, "address": ""}
    return redirect("referral", referral_id)


@needs("act", DataClass.WORK)
@require_POST
def send_link(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """They have no account here: may they answer by a link?"""
    form = Form(request.POST.dict())
    try:
        referral_links.send_link(referral=referral_id, link=link_of(form), by=viewer_of(request))
    except Refused as refused:
        refusals.write_down(request, refused)
        form.errors.append(("link_address", str(refused)))
        return open_page(request, referral_id, form, opened="link")
    said = "A link is on its way; any that was sent before opens nothing any more."
    request.session[session.UNDO] = {"words": said, "address": ""}
    return redirect("referral", referral_id)


@needs("export", DataClass.WORK)
@require_GET
def message(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """The same for another system, as the Booking and Referral Standard says it."""
    viewer = viewer_of(request)
    open_referral(referral=referral_id, by=viewer)
    if not may_print(viewer):
        raise NoAccess(NOT_ON_PAPER)
    content = orjson.dumps(take_away(referral_id=referral_id, by=viewer), option=orjson.OPT_INDENT_2)
    return kept_file(content, kind="application/fhir+json", name="referral.json")


def open_page(request: HttpRequest, referral_id: UUID, form: Form, *, opened: str = "") -> HttpResponse:
    """One referral with its forms, and what is wrong with what was sent."""
    viewer = viewer_of(request)
    one, grant = open_referral(referral=referral_id, by=viewer)
    row = one.referral
    may = [doing for doing, move in forms.MOVES.items() if row.state in MOVES[move][0] and _is_theirs(row, move)]
    link = {"link_name": row.to_name, "link_address": one.email}
    given = {
        "one": one,
        "row": row,
        "form": form,
        "link_form": form if opened == "link" else Form(link),
        "opened": opened,
        "may": may if grant.opening.writes else [],
        "reasons": forms.REASONS,
        "outcomes": forms.OUTCOMES,
        "links": links.links_of(referral_id) if row.is_ours else [],
        "may_take": may_print(viewer),
        "say": words,
        "viewer": viewer,
        "about": face(grant=grant, at=viewer.at),
        "glass": glass_of(grant),
    }
    return page(request, "referrals/one.jinja", given, status=422 if form.errors else 200)


def _is_theirs(row: words.Listed, move: ReferralMove) -> bool:
    return row.is_ours if move in referral_answers.SENDERS else row.is_for_us
