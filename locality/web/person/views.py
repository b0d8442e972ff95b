"""One person: the page, on paper, the timeline, and one line of it opened."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.access.actions import open_record
from locality.access.queries import Grant
from locality.access.rules import DataClass, may_break_glass
from locality.neighbourhoods.queries.beside import at_work
from locality.neighbourhoods.queries.families import close_to
from locality.neighbourhoods.rules.caseload import STAGE_WORDS
from locality.neighbourhoods.rules.meetings import may_meet
from locality.record import actions, queries
from locality.record.queries.shapes import Summary, Timeline
from locality.record.queries.telling import more_words
from locality.web import session
from locality.web.access.words import glass_of
from locality.web.guard import at_of, needs, viewer_of
from locality.web.meeting import words as meeting_words
from locality.web.pages import kept_file, page
from locality.web.referrals import words as referral_words
from locality.web.words import counted, family_first, moment, theirs

PRINTED_LINES = 200
OBJECTS = (
    "They object to sharing between organisations: what others sent is not shown. \u201cNot recorded\u201d on this "
    "page may mean \u201cnot shared\u201d: ask them, or whoever holds it."
)


@needs("read", DataClass.SUM)
@require_GET
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Who is this, what matters, what are the risks, who is involved, what happens next?"""
    grant = open_record(person_id=person_id, by=viewer_of(request))
    known = queries.summary(grant=grant, at=at_of(request))
    lines = _more(queries.timeline(grant=grant, at=at_of(request)), person_id)
    given = {"about": known.face, "answer": known.answer, "known": known, "timeline": lines, "glass": glass_of(grant)}
    given["more"] = more_words(grant)
    may_break = grant.override is None and may_break_glass(grant.viewer)
    given |= {"work": at_work(grant=grant), "stages": STAGE_WORDS, "teams": grant.viewer.teams}
    given |= _close(grant, known)
    given |= {"may_write": grant.opening.writes, "may_meet": may_meet(grant.viewer), "say_meeting": meeting_words}
    given["say_referral"] = referral_words
    return page(request, "person.jinja", given | {"may_break": may_break, "objects": _objects(grant)})


@needs("read", DataClass.SUM)
@require_GET
def person_print(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The same on paper."""
    viewer = viewer_of(request)
    grant = open_record(person_id=person_id, by=viewer, what="record.printed")
    known = queries.summary(grant=grant, at=viewer.at)
    lines = queries.timeline(grant=grant, at=viewer.at, most=PRINTED_LINES)
    given = {"about": known.face, "answer": known.answer, "known": known, "timeline": lines}
    given |= {"printed_by": f"{viewer.name}, {viewer.organisation_name}", "objects": _objects(grant)}
    return page(request, "person_print.jinja", given | _close(grant, known))


def _close(grant: Grant, known: Summary) -> dict[str, Any]:
    close, sent = close_to(grant=grant, sent=known.contacts)
    return {"close": close, "sent": sent}


def _objects(grant: Grant) -> str:
    """What to say where an objection keeps lines back: nothing shown is not nothing recorded."""
    context = grant.opening.context
    return OBJECTS if (context.dissent or context.dissent_of) and not context.override else ""


@needs("read", DataClass.SUM)
@require_GET
def timeline(request: HttpRequest, person_id: UUID, chapter: str) -> HttpResponse:
    """What has happened, one chapter or all: a part of the page, or a page of its own for a browser without scripts."""
    grant = open_record(person_id=person_id, by=viewer_of(request), what="timeline.opened")
    found = queries.timeline(grant=grant, at=at_of(request), chapter=chapter, before=request.GET.get("before") or None)
    template = "timeline.jinja" if request.htmx else "timeline_page.jinja"  # type: ignore[attr-defined]
    about = queries.face(grant=grant, at=at_of(request))
    given = {"about": about, "timeline": _more(found, person_id), "glass": glass_of(grant)}
    return page(request, template, given)


@needs("read", DataClass.CLIN)
@require_GET
def document(request: HttpRequest, person_id: UUID, thing: UUID) -> HttpResponse:
    """What does this line say in full?"""
    grant = open_record(person_id=person_id, by=viewer_of(request), what="line.opened", about=thing)
    opened = queries.opened(grant=grant, thing=thing)
    about = queries.face(grant=grant, at=at_of(request))
    rows = [
        *opened.rows,
        *(("Earlier version", f"{one.title} {one.value}, {moment(one.at)}") for one in opened.versions),
    ]
    given = {
        "about": about,
        "glass": glass_of(grant),
        "fact": opened.fact,
        "kind": opened.kind,
        "rows": rows,
        "narrative": opened.narrative,
        "text": "\n\n".join(one.text for one in opened.enclosed if one.text),
        "enclosed": [one for one in opened.enclosed if one.text is None],
        "original_kind": f"FHIR, {counted(opened.size, 'byte')}",
        "may_write": grant.opening.writes,
    }
    template = "document_body.jinja" if request.htmx else "document.jinja"  # type: ignore[attr-defined]
    return page(request, template, given)


@needs("read", DataClass.CLIN)
@require_GET
def original(request: HttpRequest, person_id: UUID, thing: UUID) -> HttpResponse:
    """What exactly was sent?"""
    grant = open_record(person_id=person_id, by=viewer_of(request), what="original.opened", about=thing)
    opened = queries.opened(grant=grant, thing=thing)
    rows = [("Sent by", ", ".join(sender.name for sender in opened.fact.senders))]
    given = {
        "about": queries.face(grant=grant, at=at_of(request)),
        "glass": glass_of(grant),
        "heading": f"{opened.fact.title}, as sent",
        "rows": rows,
        "original": opened.original,
        "back": (opened.fact.title, reverse("document", args=[person_id, thing])),
    }
    return page(request, "original.jinja", given)


@needs("read", DataClass.CLIN)
@require_GET
def attachment(request: HttpRequest, person_id: UUID, thing: UUID, number: int) -> HttpResponse:
    """What a document carries, to keep: never shown inside our own pages, where it could act as one of them."""
    grant = open_record(person_id=person_id, by=viewer_of(request), what="attachment.opened", about=thing)
    kind, content, name = queries.attachment(grant=grant, thing=thing, number=number)
    return kept_file(content, kind=kind, name=name)


@needs("act", DataClass.SUM)
@require_http_methods(["GET", "POST"])
def not_hers(request: HttpRequest, person_id: UUID, thing: UUID) -> HttpResponse:
    """Is this about somebody else? It is struck through for everyone, stays there, and can be undone."""
    viewer = viewer_of(request)
    grant = open_record(person_id=person_id, by=viewer, what="line.opened", about=thing)
    words = request.POST.get("reason", "").strip()
    errors = [("reason", "Say how you know, so that the next reader can judge.")] if request.method == "POST" else []
    if words:
        actions.say_not_theirs(thing=thing, grant=grant, words=words, by=viewer)
        undo = reverse("hers_after_all", args=[person_id, thing])
        request.session[session.UNDO] = {"words": "The line was marked as somebody else's.", "address": undo}
        return redirect("person", person_id)
    fact = queries.opened(grant=grant, thing=thing).fact
    about = queries.face(grant=grant, at=viewer.at)
    whose = theirs(about.sex)
    given = {
        "about": about,
        "heading": f"Is this not {whose}?",
        "fact": fact,
        "errors": errors,
        "effect": f"\u201c{fact.title}\u201d will be struck through on the page of {family_first(about)} "
        "with your name, for everyone who sees it. The sender's record does not change. You can undo this.",
        "action": request.path,
        "yes": f"It is not {whose}",
        "reason_label": "How do you know?",
    }
    return page(request, "confirm.jinja", given, status=422 if errors else 200)


@needs("act", DataClass.SUM)
@require_POST
def hers_after_all(request: HttpRequest, person_id: UUID, thing: UUID) -> HttpResponse:
    """Undo: the line is theirs after all."""
    viewer = viewer_of(request)
    grant = open_record(person_id=person_id, by=viewer, what="line.opened", about=thing)
    actions.withdraw_remark(thing=thing, grant=grant, by=viewer)
    return redirect("person", person_id)


def _more(lines: Timeline, person_id: UUID) -> Timeline:
    if not lines.more:
        return lines
    address = reverse("timeline", args=[person_id, lines.chapter])
    return replace(lines, more=f"{address}?{urlencode({'before': lines.more})}")
