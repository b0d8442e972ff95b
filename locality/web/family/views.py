"""Who is close to a person: read, written down, changed, taken over from what a source sent; and the key safe."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.access import actions as access
from locality.access.actions import open_record
from locality.access.queries import Grant
from locality.access.rules import PROXY_WORDS, DataClass
from locality.base import NotFound, Refused
from locality.neighbourhoods.actions import families
from locality.neighbourhoods.actions.families import Named
from locality.neighbourhoods.queries import families as queries
from locality.neighbourhoods.rules.families import ROLE_WORDS, ContactRole
from locality.record.queries import face
from locality.web import session
from locality.web.access.words import glass_of, limits_words
from locality.web.family.safe import sealed_code, told_code
from locality.web.forms import Form
from locality.web.guard import needs, viewer_of
from locality.web.notes.forms import filling, ids
from locality.web.pages import page
from locality.web.refusals import write_down
from locality.web.words import counted, family_first

ROLES = tuple((str(one), words) for one, words in ROLE_WORDS.items())
SAY_CODE = "Write the code, or what one needs to know to get in."
WRITTEN = "Written down."
CHANGED = "Changed. What it said before stays in its history."
TAKEN = "Kept here now, with who sent it."
SAFE_KEPT = "Kept. It is shown only when somebody asks for it, and each asking is written down."
SAFE_ENDED = "Taken away."


@needs("read", DataClass.SUM)
@require_GET
def family(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Who is close, who may decide, and how does one come in?"""
    return _family(request, person_id, Form({}))


def _family(request: HttpRequest, person_id: UUID, form: Form) -> HttpResponse:
    viewer = viewer_of(request)
    grant = open_record(person_id=person_id, by=viewer, what="family.opened")
    found = queries.family(grant=grant, at=viewer.at)
    access.show(people_ids=found.named, what="family.listed", by=viewer)
    given = {
        "about": face(grant=grant, at=viewer.at),
        "glass": glass_of(grant),
        "answer": _answer(found),
        "family": found,
        "form": form,
        "proxy_words": PROXY_WORDS,
        "limits": limits_words,
        "may_write": grant.opening.writes,
        "knows_place": DataClass.LOC in grant.opening.whole,
    }
    return page(request, "family/family.jinja", given, status=422 if form.errors else 200)


def _answer(found: queries.Family) -> str:
    if not found.close:
        waits = counted(len(found.sent), "person was", "people were")
        return (
            f"Nobody close is written down here; {waits} sent by others" if found.sent else "Nobody close is known here"
        )
    first = next((one for one in found.close if not one.keeps_away), None)
    if first is None:
        return "Nobody whom to ring is written down here"
    role = f" ({first.role_words[0].lower()})" if first.role_words else ""
    return f"{first.name}{role} is the one to ring first"


# ---- one of them


@needs("act", DataClass.SUM)
@require_http_methods(["GET", "POST"])
def contact_add(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Who is it, and what are they to the person?"""
    viewer, form = viewer_of(request), Form(request.POST.dict())
    grant = open_record(person_id=person_id, by=viewer, what="family.opened")
    mark = filling(request.POST.get("form", ""))
    named = _named(form, request, grant) if request.method == "POST" else None
    if named is not None:
        try:
            families.write_contact(form=mark, named=named, grant=grant, by=viewer)
        except Refused as refused:
            write_down(request, refused)
            form.errors.append(("name", str(refused)))
        else:
            request.session[session.UNDO] = {"words": WRITTEN, "address": ""}
            return redirect("family", person_id)
    _show_acting(grant)
    given = _of_form(grant, form, request.POST.getlist("roles")) | {"mark": mark, "now_is": None, "earlier": []}
    return page(request, "family/contact.jinja", given, status=422 if form.errors else 200)


@needs("act", DataClass.SUM)
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, person_id: UUID, contact_id: UUID) -> HttpResponse:
    """What is kept of them, what was kept before, and what has changed?"""
    viewer = viewer_of(request)
    grant = open_record(person_id=person_id, by=viewer, what="family.opened", about=contact_id)
    now = queries.contact(grant=grant, thing=contact_id)
    form = Form(request.POST.dict() if request.method == "POST" else _typed(now))
    why = form.words("why", needed=families.SAY_WHY) if request.method == "POST" else ""
    named = _named(form, request, grant, keeps=now.who) if request.method == "POST" else None
    if named is not None:
        told: dict[str, Any] = {"thing": contact_id, "version": form.version(), "why": why}
        try:
            families.change_contact(named=named, **told, grant=grant, by=viewer)
        except Refused as refused:
            write_down(request, refused)
            form.errors.append(("name", str(refused)))
        else:
            request.session[session.UNDO] = {"words": CHANGED, "address": ""}
            return redirect("family", person_id)
    roles = request.POST.getlist("roles") if request.method == "POST" else [str(one) for one in now.roles]
    _show_acting(grant)
    given = _of_form(grant, form, roles) | {"mark": "", "now_is": now}
    given["earlier"] = queries.earlier_contacts(grant=grant, thing=contact_id)
    return page(request, "family/contact.jinja", given, status=422 if form.errors else 200)


@needs("act", DataClass.SUM)
@require_POST
def contact_take(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Keep here whom a source sent, in one press."""
    viewer = viewer_of(request)
    grant = open_record(person_id=person_id, by=viewer, what="family.opened")
    families.take_over(key=request.POST.get("key", ""), at=viewer.at, grant=grant, by=viewer)
    request.session[session.UNDO] = {"words": TAKEN, "address": ""}
    return redirect("family", person_id)


def _show_acting(grant: Grant) -> None:
    named = sorted({one.who.pk for one in queries.acting(grant=grant)})
    access.show(people_ids=named, what="family.listed", by=grant.viewer)


def _of_form(grant: Grant, form: Form, roles: list[str]) -> dict[str, Any]:
    return {
        "about": face(grant=grant, at=grant.viewer.at),
        "glass": glass_of(grant),
        "form": form,
        "roles": ROLES,
        "who_act": [(str(one.who.pk), family_first(one.who)) for one in queries.acting(grant=grant)],
        "chosen": roles,
        "may_write": grant.opening.writes,
    }


def _named(form: Form, request: HttpRequest, grant: Grant, *, keeps: UUID | None = None) -> Named | None:
    """What was typed; nothing when something is missing or cannot be read, which the form then says."""
    name = form.words("name", needed=families.SAY_NAME)
    said_by = form.words("said_by", needed=families.SAY_WHO_SAID)
    starts_on, ends_on = form.day("starts_on"), form.first_day_after("ends_on")
    keeps = None if form.typed.get("unlinked") else keeps
    number, who = form.words("number"), next(iter(ids([form.words("acts")])), keeps)
    if number:
        try:
            who = queries.person_of_number(number=number, viewer=grant.viewer)
        except NotFound as unknown:
            form.errors.append(("number", str(unknown)))
    if form.errors:
        return None
    known = set(ContactRole)
    return Named(
        name=name,
        said_by=said_by,
        relation=form.words("relation"),
        phone=form.words("phone"),
        roles=[ContactRole(one) for one in request.POST.getlist("roles") if one in known],
        starts_on=starts_on,
        ends_on=ends_on,
        words=form.text("words"),
        who=who,
    )


def _typed(now: queries.Close) -> dict[str, str]:
    """What is kept, as its form would have been typed."""
    told = {name: getattr(now, name) for name in ("name", "relation", "phone", "said_by", "words")}
    told["starts_on"] = now.starts_on.isoformat() if now.starts_on else ""
    # people read and type the last day on which it holds
    told["ends_on"] = (now.ends_on - timedelta(days=1)).isoformat() if now.ends_on else ""
    return told | {"version": str(now.version)}


# ---- the key safe


@needs("read", DataClass.LOC)
@require_POST
def key_safe(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """How does one come in? Asked for by a press, never by an address, and written down each time."""
    viewer = viewer_of(request)
    grant = open_record(person_id=person_id, by=viewer, what="key-safe.opened")
    row = queries.key_safe(grant=grant)
    code, where = told_code(person=row.person_id, sealed=bytes(row.sealed))
    given = {
        "about": face(grant=grant, at=viewer.at),
        "glass": glass_of(grant),
        "code": code,
        "where": where,
        "row": row,
    }
    return page(request, "family/key_safe.jinja", given)


@needs("act", DataClass.LOC)
@require_POST
def key_safe_kept(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Where it is, and its code."""
    viewer, form = viewer_of(request), Form(request.POST.dict())
    code, where = form.words("secret", needed=SAY_CODE), form.words("where")
    said_by = form.words("code_said_by", needed=families.SAY_WHO_SAID)
    if form.errors:
        # what opens a door is not written into a page again
        return _family(request, person_id, Form({"where": where, "code_said_by": said_by}, form.errors))
    grant = open_record(person_id=person_id, by=viewer, what="family.opened")
    sealed = sealed_code(person=grant.person.pk, code=code, where=where)
    families.keep_key_safe(sealed=sealed, said_by=said_by, grant=grant, by=viewer)
    request.session[session.UNDO] = {"words": SAFE_KEPT, "address": ""}
    return redirect("family", person_id)


@needs("act", DataClass.LOC)
@require_POST
def key_safe_ended(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """There is none any more, or nobody knows its code."""
    viewer = viewer_of(request)
    grant = open_record(person_id=person_id, by=viewer, what="family.opened")
    families.end_key_safe(grant=grant, by=viewer)
    request.session[session.UNDO] = {"words": SAFE_ENDED, "address": ""}
    return redirect("family", person_id)
