"""A link worker's people: whom I support, one of them, and what came of a quarter."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.access.actions import open_record
from locality.access.queries import Grant
from locality.access.rules import DataClass
from locality.base import NoAccess, Refused
from locality.base.periods import day_of
from locality.methods.small_numbers import HIDDEN_TO, safe_count
from locality.neighbourhoods.actions import offers, support, supporting
from locality.neighbourhoods.queries import courses, names, plans, support_figures
from locality.neighbourhoods.queries import support as queries
from locality.neighbourhoods.rules.tasks import may_work
from locality.neighbourhoods.rules.wellbeing import ORIGIN
from locality.record.queries import face
from locality.web import refusals, session
from locality.web.access.words import glass_of
from locality.web.forms import Form
from locality.web.guard import at_of, needs, viewer_of
from locality.web.pages import page
from locality.web.support import forms, words
from locality.web.tasks.forms import whole

NOT_YOUR_WORK = "The role you signed in with has nothing to do with the work of teams."
MOST_QUARTERS = 8


@needs("read", DataClass.WORK)
@require_GET
def my_people(request: HttpRequest) -> HttpResponse:
    """Whom do I support, and with whom should I be in touch?"""
    viewer, mine = viewer_of(request), request.GET.get("of") != "team"
    found = supporting.list_supported(by=viewer, mine=mine)
    given = {
        "answer": words.answer(found.rows, mine=mine, waiting=len(found.waiting)),
        "found": found,
        "mine": mine,
        "say": words,
        "viewer": viewer,
    }
    return page(request, "support/list.jinja", given)


@needs("read", DataClass.WORK)
@require_GET
def outcomes(request: HttpRequest) -> HttpResponse:
    """What came of a quarter?"""
    viewer = viewer_of(request)
    if not may_work(viewer):
        raise NoAccess(NOT_YOUR_WORK)
    on = day_of(viewer.at)
    quarters = _quarters(on)
    asked = request.GET.get("from", "")
    first_on = next((one for one in quarters if one.isoformat() == asked), quarters[0])
    given = {
        "quarter": support_figures.quarter(viewer=viewer, first_on=first_on),
        "quarters": quarters,
        "first_on": first_on,
        "is_running": first_on == quarters[0],
        "hidden_to": HIDDEN_TO,
        "safe": safe_count,
        "origin": ORIGIN,
        "say": words,
    }
    return page(request, "support/outcomes.jinja", given)


def _quarters(on: date) -> list[date]:
    """The quarters to choose from, this one first."""
    found = [date(on.year, (on.month - 1) // 3 * 3 + 1, 1)]
    while len(found) < MOST_QUARTERS:
        before = found[-1] - timedelta(days=1)
        found.append(date(before.year, (before.month - 1) // 3 * 3 + 1, 1))
    return found


@needs("act", DataClass.WORK)
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """What would they like help with?"""
    viewer = viewer_of(request)
    form = Form(request.POST.dict() if request.method == "POST" else {"referral": request.GET.get("referral", "")})
    grant = open_record(person_id=person_id, by=viewer)
    named = names.team_names(on=day_of(viewer.at))
    teams = {str(one): one for one in sorted(viewer.teams, key=lambda one: named.get(one, ""))}
    new = forms.new(form, teams=teams, viewer=viewer) if request.method == "POST" and teams else None
    if new is not None:
        try:
            made = support.begin(new=new, grant=grant, by=viewer)
        except Refused as refused:
            refusals.write_down(request, refused)
            form.errors.append(("why", str(refused)))
        else:
            request.session[session.UNDO] = {"words": "Begun. Write down what they need help with.", "address": ""}
            return redirect("support_one", made.pk)
    given = {
        "about": face(grant=grant, at=at_of(request)),
        "glass": glass_of(grant),
        "plan": plans.plan(grant=grant, at=viewer.at),
        "already": [one for one in queries.of_person(grant=grant) if one.is_open],
        "form": form,
        "teams": [(value, named.get(one, "")) for value, one in teams.items()],
        "agreed": forms.AGREED,
        "now": viewer.at,
    }
    return page(request, "support/begin.jinja", given, status=422 if form.errors else 200)


@needs("read", DataClass.WORK)
@require_GET
def one(request: HttpRequest, support_id: UUID) -> HttpResponse:
    """How does it stand with them, and what next?"""
    return open_page(request, support_id, Form({}))


@needs("act", DataClass.WORK)
@require_POST
def belongs(request: HttpRequest, support_id: UUID) -> HttpResponse:
    """This referral is about what I do for them already."""
    form = Form(request.POST.dict())
    _, grant = supporting.open_support(support=support_id, by=viewer_of(request))
    return _done(
        request,
        support_id,
        form,
        "support",
        "It belongs to this support now.",
        lambda: support.belongs(support=support_id, referral=forms.referral(form), grant=grant, by=viewer_of(request)),
    )


@needs("act", DataClass.WORK)
@require_POST
def need(request: HttpRequest, support_id: UUID) -> HttpResponse:
    """They need help with this."""
    form = Form(request.POST.dict())
    code = form.chosen("need", {code: code for code, _ in queries.needs_in_order()}, needed=support.SAY_NEED)
    said = whole(form, "need_words")
    if form.errors or code is None:
        return open_page(request, support_id, form, opened="need")
    return _done(
        request,
        support_id,
        form,
        "need",
        "Written down.",
        lambda: support.note_need(support=support_id, need=code, words=said, by=viewer_of(request)),
    )


@needs("act", DataClass.WORK)
@require_POST
def need_settled(request: HttpRequest, support_id: UUID, need_id: UUID) -> HttpResponse:
    """It is met, or it is not."""
    form = Form(request.POST.dict())
    state = form.chosen("state", forms.NEED_STATES, needed="Choose how it stands.")
    if state is None:
        return open_page(request, support_id, form)
    return _done(
        request,
        support_id,
        form,
        "need",
        "It says so now.",
        lambda: support.settle_need(need=need_id, state=state, by=viewer_of(request)),
    )


@needs("act", DataClass.WORK)
@require_POST
def contact(request: HttpRequest, support_id: UUID) -> HttpResponse:
    """We met, or I tried: in under a minute."""
    form = Form(request.POST.dict())
    said = forms.contact(form, viewer=viewer_of(request))
    if said is None:
        return open_page(request, support_id, form, opened="contact")
    try:
        row = support.note_contact(support=support_id, new=said, by=viewer_of(request))
    except Refused as refused:
        return open_page(request, support_id, form, refused, at="way")
    undo = reverse("support_contact_undo", args=[support_id, row.pk])
    request.session[session.UNDO] = {"words": "Written down.", "address": undo}
    return redirect("support_one", support_id)


@needs("act", DataClass.WORK)
@require_POST
def contact_undo(request: HttpRequest, support_id: UUID, contact_id: UUID) -> HttpResponse:
    """It was written by mistake."""
    return _done(
        request,
        support_id,
        Form({}),
        "way",
        "Taken back.",
        lambda: support.strike_contact(contact=contact_id, by=viewer_of(request)),
    )


@needs("act", DataClass.WORK)
@require_POST
def offer(request: HttpRequest, support_id: UUID) -> HttpResponse:
    """This was offered."""
    viewer, form = viewer_of(request), Form(request.POST.dict())
    services = {str(one.pk): one.pk for one in queries.services_to_offer(viewer=viewer)}
    known = queries.support(viewer=viewer, support_id=support_id)
    said = forms.offer(form, services=services, one=known)
    if said is None:
        return open_page(request, support_id, form, opened="offer")
    return _done(
        request,
        support_id,
        form,
        "service",
        "Offered.",
        lambda: offers.offer(support=support_id, new=said, by=viewer),
    )


@needs("act", DataClass.WORK)
@require_POST
def offer_moved(request: HttpRequest, support_id: UUID, offer_id: UUID) -> HttpResponse:
    """They agree, they go, they finished."""
    viewer, form = viewer_of(request), Form(request.POST.dict())
    move = form.chosen("move", forms.MOVES, needed="Choose how it stands.")
    if move is None:
        return open_page(request, support_id, form)
    return _done(
        request,
        support_id,
        form,
        "offers",
        f"{words.move[move]}: it says so now.",
        lambda: offers.move(offer=offer_id, move=move, by=viewer),
    )


@needs("act", DataClass.WORK)
@require_POST
def wellbeing(request: HttpRequest, support_id: UUID) -> HttpResponse:
    """How do they say they are?"""
    form = Form(request.POST.dict())
    said = forms.answers(form, viewer=viewer_of(request))
    if said is None:
        return open_page(request, support_id, form, opened="wellbeing")
    return _done(
        request,
        support_id,
        form,
        "satisfied",
        "Their answers are kept.",
        lambda: support.note_answers(support=support_id, answers=said[0], on=said[1], by=viewer_of(request)),
    )


@needs("act", DataClass.WORK)
@require_POST
def tell(request: HttpRequest, support_id: UUID) -> HttpResponse:
    """The practice, and whoever referred them, should know."""
    viewer, form = viewer_of(request), Form(request.POST.dict())
    said = whole(form, "told_words", needed="Say how it stands, in a few words.")
    if form.errors or form.typed.get("change"):
        return open_page(request, support_id, form, opened="tell")
    found, grant = supporting.open_support(support=support_id, by=viewer)
    try:
        if form.typed.get("version", "") != str(found.support.version):
            return _preview(request, support_id, said, grant)
        told = offers.tell_back(support=support_id, words=said, grant=grant, by=viewer)
    except Refused as refused:
        return open_page(request, support_id, form, refused, at="told_words")
    request.session[session.UNDO] = {"words": f"Told: {', '.join(told)}.", "address": ""}
    return redirect("support_one", support_id)


def _preview(request: HttpRequest, support_id: UUID, said: str, grant: Grant) -> HttpResponse:
    """What goes, to whom, before it goes; what was changed since it was read is read again."""
    viewer = viewer_of(request)
    shown = offers.preview(support=support_id, words=said, grant=grant, by=viewer)
    given = {"about": face(grant=grant, at=viewer.at), "shown": shown, "words": said, "support_id": support_id}
    return page(request, "support/tell.jinja", given)


@needs("act", DataClass.WORK)
@require_POST
def finish(request: HttpRequest, support_id: UUID) -> HttpResponse:
    """It is over: what came of it?"""
    form = Form(request.POST.dict())
    said, version = forms.ended(form), form.version()
    if said is None or not version:
        return open_page(request, support_id, form, opened="finish")
    try:
        support.finish(support=support_id, outcome=said[0], words=said[1], version=version, by=viewer_of(request))
    except Refused as refused:
        return open_page(request, support_id, form, refused, at="outcome")
    undo = reverse("support_reopen", args=[support_id])
    request.session[session.UNDO] = {"words": "It is over, and says what came of it.", "address": undo}
    return redirect("support_one", support_id)


@needs("act", DataClass.WORK)
@require_POST
def reopen(request: HttpRequest, support_id: UUID) -> HttpResponse:
    """It is not over after all."""
    return _done(
        request,
        support_id,
        Form({}),
        "outcome",
        "It goes on.",
        lambda: support.reopen(support=support_id, by=viewer_of(request)),
    )


def _done(
    request: HttpRequest, support_id: UUID, form: Form, at: str, notice: str, act: Callable[[], object]
) -> HttpResponse:
    """Do it and say so; what is refused stands at its field, with what was typed."""
    try:
        act()
    except Refused as refused:
        return open_page(request, support_id, form, refused, at=at)
    request.session[session.UNDO] = {"words": notice, "address": ""}
    return redirect("support_one", support_id)


def open_page(
    request: HttpRequest,
    support_id: UUID,
    form: Form,
    refused: Refused | None = None,
    *,
    at: str = "support",
    opened: str = "",
) -> HttpResponse:
    """One support with its forms, and what is wrong with what was sent."""
    viewer = viewer_of(request)
    if refused is not None:
        refusals.write_down(request, refused)
        form.errors.append((at, str(refused)))
    found, grant = supporting.open_support(support=support_id, by=viewer)
    plan = plans.plan(grant=grant, at=viewer.at)
    given: dict[str, Any] = {
        "one": found,
        "row": found.support,
        "about": plan.known.face,
        "glass": glass_of(grant),
        "plan": plan,
        "classes": courses.of_person(grant=grant),
        **_to_choose(found.support, viewer),
        "needs": queries.needs_in_order(),
        "needs_of": [(str(one.id), words.need(one.need)) for one in found.needs],
        "changed_of": {one.question: one for one in found.changes},
        "answers_to": words.by_question(found.answers),
        "form": form,
        "opened": opened or at,
        "ways": forms.WAYS,
        "reached": forms.REACHED,
        "outcomes": forms.OUTCOMES,
        "questions": forms.questions(),
        "scale": forms.SCALE,
        "origin": ORIGIN,
        "say": words,
        "viewer": viewer,
    }
    return page(request, "support/one.jinja", given, status=422 if form.errors else 200)


def _to_choose(row: queries.Listed, viewer: Any) -> dict[str, list[tuple[str, str]]]:
    """The services to offer, and who else of the team could support them."""
    services = queries.services_to_offer(viewer=viewer)
    rows = names.colleagues(teams=[row.team_id], on=day_of(viewer.at))
    return {
        "services": [(str(one.pk), f"{one.name} ({one.organisation.name})") for one in services],
        "colleagues": [
            (str(who), f"{name}, {work}" if work else name) for _, who, name, work in rows if who != row.owner_id
        ],
    }
