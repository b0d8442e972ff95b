"""One task: what it is, how it came to be so; changing it, handing it over, asking for help, reminding, answering."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from locality.access.rules import DataClass
from locality.base import Refused
from locality.neighbourhoods.actions import asking, task_lists, tasks
from locality.neighbourhoods.rules.tasks import AskKind
from locality.record.queries import face
from locality.web import refusals, session
from locality.web.access.words import glass_of
from locality.web.forms import Form
from locality.web.guard import needs, viewer_of
from locality.web.pages import page
from locality.web.tasks import forms, words


@needs("read", DataClass.WORK)
@require_GET
def task(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """What is to be done here, and how did it come to be so?"""
    return open_page(request, task_id, Form({}))


@needs("act", DataClass.WORK)
@require_POST
def change(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Say it otherwise, or for another day."""
    viewer, form = viewer_of(request), Form(request.POST.dict())
    said = forms.changed(form)
    if said is None:
        return open_page(request, task_id, form, opened="change")
    return _done(
        request,
        task_id,
        form,
        "title",
        "It says so now.",
        lambda: tasks.change(task=task_id, changed=said[0], version=said[1], by=viewer),
    )


@needs("act", DataClass.WORK)
@require_POST
def hand(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Somebody else is to do it."""
    viewer, form = viewer_of(request), Form(request.POST.dict())
    to = forms.people_to(viewer=viewer, teams=viewer.teams, others=True)
    whom, why = form.chosen("to", to, needed="Choose who is to do it."), forms.whole(form, "why")
    if whom is None or form.errors:
        return open_page(request, task_id, form, opened="to")
    try:
        tasks.hand_over(task=task_id, team=whom.team, owner=whom.owner, why=why, by=viewer)
    except Refused as refused:
        return open_page(request, task_id, form, refused, at="to")
    request.session[session.UNDO] = {"words": "Handed over: whoever has it now is told.", "address": ""}
    # what another team has now is on no list of one's own
    return redirect("task", task_id) if whom.team in viewer.teams else redirect("tasks")


@needs("act", DataClass.WORK)
@require_POST
def ask_help(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Who could help me with it? It stays mine."""
    viewer, form = viewer_of(request), Form(request.POST.dict())
    to = forms.people_to(viewer=viewer, teams=viewer.teams, others=False)
    people = {value: one.owner for value, one in to.items() if one.owner not in (None, viewer.id)}
    whom = form.chosen("of", people, needed="Choose whom to ask.")
    said = forms.whole(form, "help_words", needed=asking.SAY_WITH_WHAT)
    if whom is None or form.errors:
        return open_page(request, task_id, form, opened="of")
    return _done(
        request,
        task_id,
        form,
        "of",
        "Asked: they are told. It stays whose it is.",
        lambda: asking.ask_help(task=task_id, of=whom, words=said, by=viewer),
    )


@needs("act", DataClass.WORK)
@require_POST
def remind(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Has whoever has it forgotten?"""
    viewer, form = viewer_of(request), Form(request.POST.dict())
    said = forms.whole(form, "remind_words")
    return _done(
        request,
        task_id,
        form,
        "remind_words",
        "Reminded: they are told.",
        lambda: asking.remind(task=task_id, words=said, by=viewer),
    )


@needs("act", DataClass.WORK)
@require_POST
def answer(request: HttpRequest, task_id: UUID, ask_id: UUID) -> HttpResponse:
    """What do I say to whoever asked?"""
    viewer, form = viewer_of(request), Form(request.POST.dict())
    said, at = forms.whole(form, "answer"), f"answer-{ask_id}"
    if form.errors:
        return open_page(request, task_id, form)
    return _done(
        request,
        task_id,
        form,
        at,
        "Answered: whoever asked is told.",
        lambda: asking.answer(ask=ask_id, words=said, by=viewer),
    )


@needs("act", DataClass.WORK)
@require_POST
def say_helped(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Was it any use?"""
    viewer, form = viewer_of(request), Form(request.POST.dict())
    found, said = forms.helped(form), forms.whole(form, "helped_words")
    if found is None or form.errors:
        return open_page(request, task_id, form)
    return _done(
        request,
        task_id,
        form,
        "helped",
        "Thank you: the meeting reads it.",
        lambda: asking.say_helped(task=task_id, helped=found, words=said, by=viewer),
    )


def _done(
    request: HttpRequest, task_id: UUID, form: Form, at: str, notice: str, act: Callable[[], object]
) -> HttpResponse:
    """Do it and say so; what is refused stands at its field, with what was typed."""
    try:
        act()
    except Refused as refused:
        return open_page(request, task_id, form, refused, at=at)
    request.session[session.UNDO] = {"words": notice, "address": ""}
    return redirect("task", task_id)


def open_page(
    request: HttpRequest,
    task_id: UUID,
    form: Form,
    refused: Refused | None = None,
    *,
    at: str = "task",
    opened: str = "",
) -> HttpResponse:
    """One task with its forms, and what is wrong with what was sent."""
    viewer = viewer_of(request)
    if refused is not None:
        refusals.write_down(request, refused)
        form.errors.append((at, str(refused)))
    one, grant = task_lists.open_task(task=task_id, by=viewer)
    to = forms.people_to(viewer=viewer, teams=viewer.teams, others=True)
    theirs = [value for value, whom in to.items() if whom.owner not in (None, viewer.id)]
    given = {
        "one": one,
        "row": one.task,
        "form": form,
        "change": form if at == "title" or opened == "change" else Form(forms.said_of(one.task)),
        "made_from": one.task.version,
        "opened": opened or (at if refused else ""),
        "to": forms.options(to),
        "of": [(value, to[value].words) for value in theirs],
        "reasons": forms.REASONS,
        "priorities": forms.URGENT,
        "helped": forms.HELPED,
        "HELP": AskKind.HELP,
        "say": words,
        "viewer": viewer,
    }
    if grant is not None:
        given |= {"about": face(grant=grant, at=viewer.at), "glass": glass_of(grant)}
    return page(request, "tasks/one.jinja", given, status=422 if form.errors else 200)
