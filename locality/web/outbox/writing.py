"""Writing about a person: to whom, by which way, what it says, and exactly what goes, before it goes."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from locality.access.actions import open_record
from locality.access.queries import Grant
from locality.access.rules import DataClass
from locality.base import NotFound, Refused
from locality.base.ids import new_id
from locality.directory.queries.teams import teams
from locality.neighbourhoods.actions import outbox
from locality.neighbourhoods.actions.outbox import NOT_YOURS, Written
from locality.neighbourhoods.queries import message_templates
from locality.neighbourhoods.queries.knowers import own_teams
from locality.neighbourhoods.queries.receivers import Receiver, receiver_of, receivers
from locality.neighbourhoods.rules.messages import Template
from locality.neighbourhoods.rules.outbox import LOCK_SCREEN, PEOPLE, Channel, ToKind, is_secure, notice
from locality.record.queries import face
from locality.web import session
from locality.web.access.words import glass_of
from locality.web.forms import Form
from locality.web.guard import needs, viewer_of
from locality.web.outbox import forms, words
from locality.web.pages import page
from locality.web.refusals import write_down

GOES = "It goes in a minute."
TO_POST = "Written. Print it and post it."
OWN_WORDS = "own"


@needs("act", DataClass.WORK)
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """To whom do you write about them, and what does it say?"""
    grant = open_record(person_id=person_id, by=viewer_of(request), what="message.begun")
    if not grant.opening.writes:
        raise Refused(NOT_YOURS)
    typed = {name: value for name, value in request.GET.dict().items() if isinstance(value, str)}
    told, secure = message_templates.of_place()
    to = _chosen(typed.get("to", ""), grant=grant, secure=secure)
    if to is None:
        return _choose(request, grant, typed=typed, secure=secure)
    template = next((one for one in told if one.code == typed.get("template") and to.kind in one.to), None)
    fits = [one for one in told if to.kind in one.to]
    if template is None and typed.get("template") != OWN_WORDS and fits and request.method == "GET":
        return _choose(request, grant, typed=typed, secure=secure, to=to, fits=fits)
    return _compose(request, grant, to=to, template=template, secure=secure)


def _choose(
    request: HttpRequest,
    grant: Grant,
    *,
    typed: dict[str, str],
    secure: list[str],
    to: Receiver | None = None,
    fits: list[Template] | None = None,
) -> HttpResponse:
    """To whom, or, once that is said, what kind of message."""
    asked = " ".join(typed.get("services", "").split())[:80]
    found = [] if to else receivers(grant=grant, secure=secure, services=asked)
    given = _given(grant) | {"to": to, "fits": fits or [], "receivers": found, "asked": asked, "say": words}
    return page(request, "outbox/choose.jinja", given | {"service": ToKind.SERVICE, "came": _came(typed)})


def _compose(
    request: HttpRequest, grant: Grant, *, to: Receiver, template: Template | None, secure: list[str]
) -> HttpResponse:
    whose = forms.writes_for(own_teams(grant=grant), organisation=grant.viewer.organisation_name)
    code = template.code if template else OWN_WORDS
    if request.method == "GET":
        form = _begun(request, grant, to=to, template=template, whose=whose)
    else:
        form = Form(request.POST.dict())
    written = None
    if request.method == "POST":
        written = forms.written(form, to=to, whose=whose, template=template.code if template else "")
    if written is not None and form.typed.get("step") == "send":
        sent = _sent(request, written, form, grant=grant, secure=secure)
        if sent is not None:
            return sent
    is_shown = written is not None and form.typed.get("step") != "change" and not form.errors
    given = _given(grant) | {"to": to, "form": form, "whose": [(one.key, one.words) for one in whose], "say": words}
    given |= {"code": code, "mark": forms.mark(form.typed.get("form", "")), "written": written if is_shown else None}
    if written is not None and is_shown:
        given |= {"goes": _goes(written, to, grant=grant, secure=secure)}
    return page(request, "outbox/write.jinja", given, status=422 if form.errors else 200)


def _begun(
    request: HttpRequest, grant: Grant, *, to: Receiver, template: Template | None, whose: list[forms.For]
) -> Form:
    """The form filled from the record, with the first way that is open chosen."""
    team = next((one for one in teams(grant.on).filter(pk=whose[0].team)), None) if whose[0].team else None
    subject, body = "", ""
    if template is not None:
        subject, body = message_templates.begun(template=template, grant=grant, team=team, to_name=to.name)
    way = next((one.channel.value for one in to.open_ways), "")
    came = _came(request.GET.dict())
    return Form({"subject": subject, "body": body, "way": way, "for": whose[0].key, "form": str(new_id()), **came})


def _sent(
    request: HttpRequest, written: Written, form: Form, *, grant: Grant, secure: list[str]
) -> HttpResponse | None:
    try:
        row = outbox.write(written=written, secure=secure, grant=grant, by=grant.viewer)
    except Refused as refused:
        write_down(request, refused)
        form.errors.append(("body", str(refused)))
        return None
    said = TO_POST if written.channel == Channel.LETTER else GOES
    request.session[session.UNDO] = {"words": said, "address": reverse("message_withdraw", args=[row.pk])}
    return redirect("message", row.pk)


def _goes(written: Written, to: Receiver, *, grant: Grant, secure: list[str]) -> dict[str, str]:
    """Exactly what leaves, and where to; for a person's mail and phone, the one line that does."""
    way = next(one for one in to.ways if one.channel == written.channel)
    whole = written.channel not in LOCK_SCREEN or is_secure(way.address, secure) or to.kind not in PEOPLE
    line = notice(sender=grant.viewer.organisation_name, link=settings.LOCALITY_URL)
    return {"address": way.address, "line": "" if whole else line}


def _given(grant: Grant) -> dict[str, Any]:
    return {"about": face(grant=grant, at=grant.viewer.at), "glass": glass_of(grant)}


def _came(typed: dict[str, Any]) -> dict[str, str]:
    """What it comes from, such as a referral, handed on from page to page."""
    return {name: str(typed[name])[:40] for name in ("from", "from_id") if typed.get(name)}


def _chosen(key: str, *, grant: Grant, secure: list[str]) -> Receiver | None:
    kind, _, to_id = key.partition(".")
    found = forms.id_of(to_id)
    if kind not in list(ToKind) or found is None:
        return None
    try:
        return receiver_of(grant=grant, kind=ToKind(kind), to_id=found, secure=secure)
    except NotFound:
        return None
