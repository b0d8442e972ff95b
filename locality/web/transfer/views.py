"""Moving a service: the list, the plan, both sides' word, the day, what came since, undoing, and paper."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.access.rules import DataClass
from locality.base import Refused
from locality.base.periods import day_of
from locality.neighbourhoods.actions import transfer_moving, transfers
from locality.neighbourhoods.queries import transfer_people
from locality.neighbourhoods.queries import transfers as queries
from locality.neighbourhoods.rules.transfers import OPEN, CountsDiffer, Side, TransferState, may_begin
from locality.web import session
from locality.web.forms import Form
from locality.web.guard import at_of, needs, viewer_of
from locality.web.pages import page
from locality.web.team.forms import whole
from locality.web.transfer import forms, words
from locality.web.words import counted

UNDONE = "Undone: all of it is as it was before it moved."


@needs("read", DataClass.WORK)
@require_GET
def moves(request: HttpRequest) -> HttpResponse:
    """Which services move, and what waits for my side?"""
    viewer = viewer_of(request)
    found = queries.moves(viewer=viewer)
    given = {
        "answer": words.answer(found),
        "open": [one for one in found if one.state in OPEN],
        "over": [one for one in found if one.state not in OPEN],
        "begins": may_begin(viewer),
        "say": words,
    }
    return page(request, "transfer/list.jinja", given)


@needs("run", DataClass.WORK)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """What moves, from whom to whom, and when?"""
    by, on = viewer_of(request), day_of(at_of(request))
    transfers.begins(by)
    form = Form((request.POST if request.method == "POST" else request.GET).dict())
    known = forms.organisations(form, on=on)
    from_ = known.get(form.words("from"))
    told = queries.offered(organisation=from_.pk, on=on, viewer=by) if from_ else None
    if request.method == "POST" and from_ is not None and told is not None:
        wanted = forms.new(request, form, from_=from_, known=known, told=told)
        if wanted is not None:
            row = _done(form, lambda: transfers.plan(new=wanted, by=by))
            if row is not None:
                request.session[session.UNDO] = {"words": "Planned: both sides can look at the counts.", "address": ""}
                return redirect("transfer", row.pk)
    given = {
        "form": form,
        "from_": from_,
        "told": told,
        "organisations": [(code, one.name) for code, one in known.items()],
        "ticked": {*request.POST.getlist("team"), *request.POST.getlist("service")},
    }
    return page(request, "transfer/new.jinja", given, status=422 if form.errors else 200)


@needs("read", DataClass.WORK)
@require_GET
def move(request: HttpRequest, transfer_id: UUID) -> HttpResponse:
    """What moves, do the counts agree, and what is mine to do now?"""
    return _page(request, transfer_id, Form({}))


@needs("read", DataClass.WORK)
@require_GET
def move_print(request: HttpRequest, transfer_id: UUID) -> HttpResponse:
    """The same on paper."""
    viewer = viewer_of(request)
    given = _given(request, transfer_id) | {"printed_by": f"{viewer.name}, {viewer.organisation_name}"}
    return page(request, "transfer/print.jinja", given)


@needs("run", DataClass.WORK)
@require_POST
def change(request: HttpRequest, transfer_id: UUID) -> HttpResponse:
    """Another day, and who of the staff does not move."""
    by, form = viewer_of(request), Form(request.POST.dict())
    told = queries.move(viewer=by, transfer=transfer_id)
    transfers.begins(by)
    on = form.day("on", needed="Type the day on which it moves.")
    stays = forms.ticked(request, "stays", {str(one.id): one.id for one in told.staff})
    if on is not None and _done(form, lambda: transfers.change(transfer=transfer_id, on=on, stays=stays, by=by)):
        return _back(request, transfer_id, "Kept. What was agreed to is to be agreed again where it was changed.")
    return _page(request, transfer_id, form)


@needs("act", DataClass.WORK)
@require_POST
def agree(request: HttpRequest, transfer_id: UUID) -> HttpResponse:
    """Yes, for my side, to this plan and these counts."""
    by, form = viewer_of(request), Form(request.POST.dict())
    said = whole(form, "words")
    if not form.errors and _done(form, lambda: transfers.agree(transfer=transfer_id, words=said, by=by)):
        return _back(request, transfer_id, f"You agreed for {by.organisation_name}.")
    return _page(request, transfer_id, form)


@needs("act", DataClass.WORK)
@require_POST
def sign(request: HttpRequest, transfer_id: UUID) -> HttpResponse:
    """Yes, for my side: all of it has moved."""
    by, form = viewer_of(request), Form(request.POST.dict())
    said = whole(form, "signed")
    if not form.errors and _done(form, lambda: transfers.sign(transfer=transfer_id, words=said, by=by)):
        return _back(request, transfer_id, f"You signed for {by.organisation_name}.")
    return _page(request, transfer_id, form)


@needs("run", DataClass.WORK)
@require_POST
def start(request: HttpRequest, transfer_id: UUID) -> HttpResponse:
    """Move it now."""
    by, form = viewer_of(request), Form({})
    try:
        row = transfer_moving.move(transfer=transfer_id, by=by)
    except CountsDiffer:
        # the page tells why it was stopped: a refusal would take that back with it
        return redirect("transfer", transfer_id)
    except Refused as refused:
        form.errors.append(("form", str(refused)))
        return _page(request, transfer_id, form)
    return _back(
        request, row.pk, "Moved. Both sides can look at the counts and sign; until both did, it can be undone."
    )


@needs("run", DataClass.WORK)
@require_POST
def along(request: HttpRequest, transfer_id: UUID) -> HttpResponse:
    """Take along what the old organisation was given since."""
    by, form = viewer_of(request), Form({})
    many = _done(form, lambda: transfer_moving.take_along(transfer=transfer_id, by=by))
    if many is not None:
        return _back(
            request, transfer_id, f"{counted(many, 'row')} taken along. What was signed is to be signed again."
        )
    return _page(request, transfer_id, form)


@needs("run", DataClass.WORK)
@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, transfer_id: UUID) -> HttpResponse:
    """What undoing puts back, and whether anything stands in its way."""
    by, form = viewer_of(request), Form({})
    transfers.begins(by)
    if request.method == "POST":
        left = _done(form, lambda: transfer_moving.undo(transfer=transfer_id, by=by))
        if left is not None:
            also = f" Left as it is since, because it went on: {words.listed(left)}." if left else ""
            return _back(request, transfer_id, UNDONE + also)
    given = _given(request, transfer_id)
    if given["told"].line.state != TransferState.MOVED and not form.errors:
        raise Refused("This cannot be undone: it has not moved, or both signed it.")
    given |= {"form": form, "since": queries.changed_since(viewer=by, transfer=transfer_id)}
    return page(request, "transfer/undo.jinja", given, status=422 if form.errors else 200)


@needs("run", DataClass.WORK)
@require_POST
def withdraw(request: HttpRequest, transfer_id: UUID) -> HttpResponse:
    """It does not move after all."""
    by, form = viewer_of(request), Form({})
    if _done(form, lambda: transfers.withdraw(transfer=transfer_id, by=by)):
        return _back(request, transfer_id, "Withdrawn: nothing moves. Plan it anew where it does after all.")
    return _page(request, transfer_id, form)


# ---- parts


def _given(request: HttpRequest, transfer_id: UUID) -> dict[str, Any]:
    told = queries.move(viewer=viewer_of(request), transfer=transfer_id)
    return {
        "told": told,
        "one": told.line,
        "say": words,
        "states": TransferState,
        "some": [row for row in told.rows if row.is_any],
        "nothing": [row.kind.words for row in told.rows if not row.is_any],
    }


def _page(request: HttpRequest, transfer_id: UUID, form: Form) -> HttpResponse:
    given = _given(request, transfer_id) | {"form": form}
    told = given["told"]
    given["tells"] = told.line.state == TransferState.SIGNED and told.own_side == Side.TO
    if given["tells"]:
        given["writing"] = transfer_people.writing(viewer=viewer_of(request), transfer=transfer_id)
    return page(request, "transfer/one.jinja", given, status=422 if form.errors else 200)


def _back(request: HttpRequest, transfer_id: UUID, told: str) -> HttpResponse:
    request.session[session.UNDO] = {"words": told, "address": ""}
    return redirect("transfer", transfer_id)


def _done(form: Form, act: Callable[[], Any]) -> Any:
    """What was done; nothing where it breaks a rule, which the form then says with all that was typed."""
    try:
        return act()
    except Refused as refused:
        form.errors.append(("form", str(refused)))
        return None
