"""The inbox: what was told, who sees to it, done with words, handed on, or made a task of."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from locality.access.actions import open_record
from locality.access.rules import DataClass
from locality.base import Refused, Viewer
from locality.base.periods import day_of
from locality.neighbourhoods.actions import alert_tasks, inbox_lists
from locality.neighbourhoods.actions import inbox as actions
from locality.neighbourhoods.actions.alert_tasks import FromAlert
from locality.neighbourhoods.actions.inbox_lists import Inbox
from locality.neighbourhoods.queries import inbox as queries
from locality.neighbourhoods.queries import names, notes, outbox, referrals, tasks
from locality.neighbourhoods.queries.inbox import Told, Wanted
from locality.neighbourhoods.rules.inbox import ALERT_WORDS, AlertKind, AlertState
from locality.record.queries import face
from locality.web import refusals, session
from locality.web.access.words import glass_of
from locality.web.forms import Form
from locality.web.guard import needs, viewer_of
from locality.web.pages import page
from locality.web.tasks import forms as task_forms
from locality.web.tasks.forms import To
from locality.web.words import counted

FILTERS = "inbox_filters"
KEPT = ("of", "kind", "state")
TAKEN, DONE = "You see to it.", "Done."
_KINDS = {one.name.lower(): one for one in AlertKind}
_STATES = {AlertState.NEW.value: AlertState.NEW, AlertState.TAKEN.value: AlertState.TAKEN}
STATE_CHOICES = ((AlertState.NEW.value, "Nobody sees to it yet"), (AlertState.TAKEN.value, "Somebody sees to it"))


@needs("read", DataClass.WORK)
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """What do I have to know, and what is new since I looked?"""
    viewer, chosen = viewer_of(request), _chosen(request)
    wanted = Wanted(
        mine=chosen.get("of") != "team",
        kind=_KINDS.get(chosen.get("kind", "")),
        state=_STATES.get(chosen.get("state", "")),
    )
    found = inbox_lists.list_inbox(wanted=wanted, by=viewer)
    given = {
        "answer": _answer(found, wanted, viewer),
        "inbox": found,
        "wanted": wanted,
        "form": Form(chosen),
        "is_narrowed": bool(wanted.kind or wanted.state),
        "kinds": [(code, ALERT_WORDS[one]) for code, one in _KINDS.items()],
        "states": STATE_CHOICES,
        "recent": inbox_lists.list_recent(by=viewer),
        "kind_words": ALERT_WORDS,
        "viewer": viewer,
    }
    return page(request, "inbox/list.jinja", given)


def _answer(found: Inbox, wanted: Wanted, viewer: Viewer) -> str:
    if not found.rows:
        return "Nothing waits in your inbox"
    new = sum(one.state == AlertState.NEW for one in found.rows)
    died = sum(one.kind == AlertKind.DIED for one in found.rows)
    words = f"{counted(new, 'thing')} to see to" if new else f"Nothing new; {counted(len(found.rows), 'thing')} seen to"
    if died:
        words += f"; {counted(died, 'person', 'people')} died"
    return (
        words if wanted.mine else f"{'Your team' if viewer.teams else 'Where you work'}: {words[0].lower()}{words[1:]}"
    )


def _chosen(request: HttpRequest) -> dict[str, str]:
    """What narrows the inbox: what was asked now, else what was asked before."""
    if request.GET:
        chosen = {name: str(request.GET.get(name, ""))[:40] for name in KEPT}
        request.session[FILTERS] = {name: value for name, value in chosen.items() if value}
        return chosen
    return dict(request.session.get(FILTERS, {}))


@needs("read", DataClass.WORK)
@require_GET
def alert(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """What happened, and what do I do about it?"""
    return _open(request, alert_id, Form({}))


@needs("act", DataClass.WORK)
@require_POST
def take(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """I see to it."""
    try:
        actions.take(alert=alert_id, by=viewer_of(request))
    except Refused as refused:
        return _open(request, alert_id, Form({}), refused)
    return _back(request, alert_id, TAKEN, undo="take")


@needs("act", DataClass.WORK)
@require_POST
def finish(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """It was seen to: how?"""
    form = Form(request.POST.dict())
    said = task_forms.whole(form, "done_words", needed=actions.SAY_WHAT)
    if form.errors:
        return _open(request, alert_id, form)
    try:
        actions.finish(alert=alert_id, words=said, by=viewer_of(request))
    except Refused as refused:
        return _open(request, alert_id, form, refused)
    return _back(request, alert_id, DONE, undo="done")


@needs("act", DataClass.WORK)
@require_POST
def undo(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """As it was before: not done, or seen to by nobody. `of` is what one did oneself, just now."""
    viewer, of = viewer_of(request), request.GET.get("of", "")
    is_done = of == "done" or of != "take" and queries.alert(viewer=viewer, alert_id=alert_id).state == AlertState.DONE
    act = actions.reopen if is_done else actions.put_back
    try:
        act(alert=alert_id, own=of in ("take", "done"), by=viewer)
        said = "As it was before."
    except Refused as refused:
        refusals.write_down(request, refused)
        said = str(refused)
    return _back(request, alert_id, said)


@needs("act", DataClass.WORK)
@require_POST
def hand(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """Somebody else sees to it."""
    viewer, form = viewer_of(request), Form(request.POST.dict())
    one = queries.alert(viewer=viewer, alert_id=alert_id)
    whom = form.chosen("to", _to(viewer, one), needed="Choose who sees to it.")
    why = task_forms.whole(form, "why")
    if form.errors or whom is None:
        return _open(request, alert_id, form)
    try:
        actions.hand(alert=alert_id, owner=whom[0], why=why, by=viewer)
    except Refused as refused:
        return _open(request, alert_id, form, refused, at="to")
    return _back(request, alert_id, "Handed on: they find it new in their inbox.")


@needs("act", DataClass.WORK)
@require_POST
def make_task(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """What is to be done about it, by whom and by when?"""
    viewer, form = viewer_of(request), Form(request.POST.dict())
    one = queries.alert(viewer=viewer, alert_id=alert_id)
    to = _of_team(viewer, one)
    whom = form.chosen("task_to", to, needed="Choose who is to do it.")
    title = form.words("title", needed="Say what is to be done.")
    due_on = form.day("due_on", needed="Say by which day.")
    if form.errors or whom is None or due_on is None:
        return _open(request, alert_id, form)
    try:
        made = alert_tasks.make_task(
            alert=alert_id, new=FromAlert(title=title, due_on=due_on, owner=whom.owner), by=viewer
        )
    except Refused as refused:
        return _open(request, alert_id, form, refused, at="title")
    words = "A task was made of it, and it is done in the inbox."
    request.session[session.UNDO] = {"words": words, "address": ""}
    return redirect("task", made.pk)


def _of_team(viewer: Viewer, one: Told) -> dict[str, To]:
    """Whom of its team a task of it may be given to: nobody where it was told to an organisation."""
    return task_forms.people_to(viewer=viewer, teams=[one.team_id], others=False) if one.team_id else {}


def _to(viewer: Viewer, one: Told) -> dict[str, tuple[UUID, str]]:
    """Whom it may be handed to: one of the team, or whoever answers for the organisation that it was told to."""
    if one.organisation_id is None:
        found = _of_team(viewer, one).items()
        return {value: (whom.owner, whom.words) for value, whom in found if whom.owner}
    people = names.colleagues_at(organisation=one.organisation_id, on=day_of(viewer.at))
    return {
        str(who): (who, "Me" if who == viewer.id else ", ".join(filter(None, (name, profession))))
        for who, name, profession in people
    }


def _back(request: HttpRequest, alert_id: UUID, said: str, *, undo: str = "") -> HttpResponse:
    address = f"{reverse('alert_undo', args=[alert_id])}?of={undo}" if undo else ""
    request.session[session.UNDO] = {"words": said, "address": address}
    return redirect("inbox")


def _open(
    request: HttpRequest, alert_id: UUID, form: Form, refused: Refused | None = None, *, at: str = "alert"
) -> HttpResponse:
    """One thing that was told, with its forms, and what is wrong with what was sent."""
    viewer = viewer_of(request)
    if refused is not None:
        refusals.write_down(request, refused)
        form.errors.append((at, str(refused)))
    one: Told = queries.alert(viewer=viewer, alert_id=alert_id)
    about = one.about_id
    given = {
        "one": one,
        "form": form,
        "to": [(value, words) for value, (_, words) in _to(viewer, one).items()],
        "task_to": task_forms.options(_of_team(viewer, one)),
        "task": about if about and tasks.is_seen(viewer=viewer, task_id=about) else None,
        "message": about if about and outbox.is_seen(viewer=viewer, message_id=about) else None,
        "referral": about if about and referrals.is_seen(viewer=viewer, referral_id=about) else None,
        "note": None,
        "today": day_of(viewer.at).isoformat(),
        "kind_words": ALERT_WORDS,
        "viewer": viewer,
    }
    if one.person is not None:
        grant = open_record(person_id=one.person.pk, by=viewer, what="alert.opened", about=alert_id)
        given |= {"about": face(grant=grant, at=viewer.at), "glass": glass_of(grant)}
        given["note"] = one.about_id if one.about_id and notes.is_seen(grant=grant, thing=one.about_id) else None
    return page(request, "inbox/one.jinja", given, status=422 if form.errors else 200)
