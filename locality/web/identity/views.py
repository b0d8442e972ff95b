"""Where doubts about who is who are decided: the queue, one pair, one person, and what was decided."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from locality.access.actions import identity
from locality.access.rules import DataClass
from locality.base import Overtaken, Viewer
from locality.base.periods import day_of
from locality.directory import queries as directory
from locality.people.queries.review import Queue, Wanted, plain_cautions
from locality.record.queries.holdings import holdings, people_at_stake
from locality.web import session
from locality.web.guard import needs, viewer_of
from locality.web.identity import words
from locality.web.identity.asking import back_to, query_of, wanted_of
from locality.web.identity.marks import lines
from locality.web.pages import page, page_of

A_PAGE, ON_PAPER, DECISIONS, HISTORY = 25, 200, 25, 10


# ---- the queue


@needs("read", DataClass.ID)
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Which doubts wait, the most dangerous and the oldest first?"""
    viewer, number = viewer_of(request), page_of(request)
    found = waiting(viewer, wanted_of(request.GET), most=A_PAGE, after=A_PAGE * (number - 1))
    given = {
        "neighbourhoods": [(area.code, area.name) for area in directory.neighbourhoods(day_of(viewer.at))],
        "page": number,
        "pages": max(1, -(-found.found // A_PAGE)),
        "query": query_of(found.wanted),
        "pace": words.pace_words(identity.pace(by=viewer)),
    }
    return page(request, "identity/queue.jinja", _listed(found, viewer) | given)


@needs("read", DataClass.ID)
@require_GET
def queue_print(request: HttpRequest) -> HttpResponse:
    """The same on paper, as many as a day can hold."""
    viewer = viewer_of(request)
    found = waiting(viewer, wanted_of(request.GET), most=ON_PAPER)
    given = {"printed_by": f"{viewer.name}, {viewer.organisation_name}", "query": query_of(found.wanted)}
    return page(request, "identity/print.jinja", _listed(found, viewer) | given)


def waiting(viewer: Viewer, wanted: Wanted, *, most: int, after: int = 0) -> Queue:
    """The doubts, weighed by what is at stake."""
    at_stake = people_at_stake(viewer=viewer)
    return identity.queue(wanted=wanted, at_stake=at_stake, most=most, after=after, by=viewer)


def _listed(found: Queue, viewer: Viewer) -> dict[str, object]:
    return {
        "answer": words.queue_words(found),
        "risky": words.risk_words(found),
        "queue": found,
        "rows": [words.row(one, now=viewer.at) for one in found.rows],
        "states": words.STATES,
        "ages": words.AGES,
    }


# ---- one pair


@needs("read", DataClass.ID)
@require_GET
def pair(request: HttpRequest, pair_id: UUID) -> HttpResponse:
    """Are these one person?"""
    return _pair(request, pair_id)


@needs("act", DataClass.ID)
@require_POST
def say(request: HttpRequest, pair_id: UUID) -> HttpResponse:
    """They are, they are not, or it cannot be told; then the next one."""
    answer, reason = request.POST.get("answer", ""), request.POST.get("reason", "").strip()
    errors = []
    if answer not in words.ANSWERS:
        errors.append(("same", "Choose the same person, different people, or not sure."))
    if not reason:
        errors.append(("reason", "Say why, so that the next reader can judge."))
    if errors:
        return _pair(request, pair_id, errors=errors, status=422)
    viewer = viewer_of(request)
    try:
        decided = identity.say(
            pair_id=pair_id, answer=answer, reason=reason, seen=request.POST.get("seen", ""), by=viewer
        )
    except Overtaken as overtaken:
        return _pair(request, pair_id, errors=[("decide", str(overtaken))], status=409)
    wanted = wanted_of(request.POST)
    following = identity.next_pair(wanted=wanted, at_stake=people_at_stake(viewer=viewer), but=pair_id, by=viewer)
    on = "This is the next pair." if following else "No other pair waits."
    undo = reverse("identity_take_back", args=[decided.labels[0].pk])
    kept = f"Kept: {words.ANSWERS[answer].lower()}. {on}"
    request.session[session.UNDO] = {"words": kept, "address": f"{undo}?pair={pair_id}"}
    address = reverse("identity_pair", args=[following]) if following else reverse("identity")
    return redirect(f"{address}{query_of(wanted)}")


def _pair(
    request: HttpRequest, pair_id: UUID, *, errors: list[tuple[str, str]] | None = None, status: int = 200
) -> HttpResponse:
    viewer = viewer_of(request)
    found = identity.open_pair(pair_id=pair_id, by=viewer)
    records = [*found.one.records, *found.other.records]
    ids = [record.id for record in records]
    asked = request.POST if request.method == "POST" else request.GET
    given = {
        "found": found,
        "cautions": plain_cautions(found.pair.cautions),
        "lines": lines(found.one.asked, found.other.asked),
        "waterfall": words.waterfall(found.evidence),
        "held": holdings(patients=ids, viewer=viewer),
        "others": [words.row(one, now=viewer.at) for one in found.others],
        "history": identity.decisions(most=HISTORY, patients=ids, by=viewer).rows,
        "effects": words.effects(found),
        "answers": words.ANSWERS,
        "reasons": words.REASONS,
        "typed": {"answer": request.POST.get("answer", ""), "reason": request.POST.get("reason", "")},
        "errors": errors or [],
        "wanted": wanted_of(asked),
        "query": query_of(wanted_of(asked)),
        "say": words,
    }
    return page(request, "identity/pair.jinja", given, status=status)


# ---- what was decided


@needs("read", DataClass.ID)
@require_GET
def decisions(request: HttpRequest) -> HttpResponse:
    """Who decided what, when and why; and what was taken back?"""
    viewer, number = viewer_of(request), page_of(request)
    found = identity.decisions(most=DECISIONS, after=DECISIONS * (number - 1), by=viewer)
    given = {"found": found, "page": number, "pages": max(1, -(-found.total // DECISIONS)), "say": words}
    return page(request, "identity/decisions.jinja", given)


@needs("act", DataClass.ID)
@require_POST
def take_back(request: HttpRequest, label_id: UUID) -> HttpResponse:
    """Undo a decision: what it moved goes back, and the pair is asked again."""
    decided = identity.take_back(label_id=label_id, by=viewer_of(request))
    told = "Taken back: it is as it was before."
    if decided.moves:
        told += " What somebody wrote of them meanwhile stands under “What waits to be placed”."
    request.session[session.UNDO] = {"words": told, "address": ""}
    return redirect(back_to(request))
