"""What is to do: today's list, on paper, done in one press and taken back."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from locality.access.actions import open_record
from locality.access.rules import DataClass
from locality.base import NoAccess, Refused
from locality.base.periods import day_of
from locality.neighbourhoods.actions import task_lists, tasks
from locality.neighbourhoods.queries import names
from locality.neighbourhoods.queries import tasks as queries
from locality.neighbourhoods.rules.tasks import MoveNotAllowed, TaskMove, may_print, may_work
from locality.record.queries import face
from locality.web import refusals, session
from locality.web.forms import Form
from locality.web.guard import at_of, needs, viewer_of
from locality.web.pages import page
from locality.web.tasks import forms, words
from locality.web.tasks.one import open_page

FILTERS = "tasks_filters"
KEPT = ("of", "due", "priority", "team")
NOT_ON_PAPER = "The role you signed in with does not take lists of people away: a clinician or social worker does."
DONE = {
    TaskMove.START: "You have started it.",
    TaskMove.FINISH: "Done.",
    TaskMove.LEAVE: "Written down as not done.",
    TaskMove.REOPEN: "It is to do again.",
}


@needs("read", DataClass.WORK)
@require_GET
def todo(request: HttpRequest) -> HttpResponse:
    """What is there to do, by whom and by when?"""
    viewer, chosen = viewer_of(request), _chosen(request)
    asked = forms.narrowed(chosen, teams=viewer.teams)
    found = task_lists.list_tasks(asked=asked, by=viewer)
    named = names.team_names(on=day_of(viewer.at))
    given = {
        "answer": words.answer(found.rows, mine=asked.mine),
        "todo": found,
        "groups": words.groups(found.rows),
        "asked": asked,
        "form": Form(chosen),
        "is_narrowed": bool(asked.words or asked.due or asked.priority or asked.team),
        "teams": sorted((str(one), named.get(one, "")) for one in viewer.teams),
        "due": forms.DUE,
        "priorities": forms.PRIORITIES,
        "may_print": may_print(viewer),
        "say": words,
        "viewer": viewer,
    }
    return page(request, "tasks/list.jinja", given)


@needs("export", DataClass.WORK)
@require_GET
def todo_print(request: HttpRequest) -> HttpResponse:
    """The same on paper, for those whose role may take people away in bulk."""
    viewer = viewer_of(request)
    if not may_print(viewer):
        raise NoAccess(NOT_ON_PAPER)
    asked = forms.narrowed(_chosen(request), teams=viewer.teams)
    found = task_lists.list_tasks(asked=asked, by=viewer, what="task.printed")
    given = {
        "answer": words.answer(found.rows, mine=asked.mine),
        "groups": words.groups(found.rows),
        "only": words.only(asked, teams=names.team_names(on=day_of(viewer.at))),
        "todo": found,
        "say": words,
        "printed_by": f"{viewer.name}, {viewer.organisation_name}",
    }
    return page(request, "tasks/print.jinja", given)


def _chosen(request: HttpRequest) -> dict[str, str]:
    """What narrows the list: what was asked now, else what was asked before; what was searched for is not kept."""
    if request.GET:
        chosen = {name: value for name, value in request.GET.dict().items() if isinstance(value, str)}
        request.session[FILTERS] = {name: chosen[name][:40] for name in KEPT if chosen.get(name)}
        return chosen
    return dict(request.session.get(FILTERS, {}))


@needs("act", DataClass.WORK)
@require_POST
def move(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Done, started, not done because ...: one press."""
    form = Form(request.POST.dict())
    said = forms.moved(form)
    if said is None:
        return open_page(request, task_id, form)
    try:
        tasks.move(task=task_id, move=said[0], came=said[1], by=viewer_of(request))
    except Refused as refused:
        if not _is_part(request):
            return open_page(request, task_id, form, refused)
        refusals.write_down(request, refused)
        return _row(request, task_id, str(refused))
    if _is_part(request):
        return _row(request, task_id, DONE[said[0]])
    undo = reverse("task_undo", args=[task_id]) if said[0] in (TaskMove.FINISH, TaskMove.LEAVE) else ""
    return _back(request, task_id, DONE[said[0]], undo)


@needs("act", DataClass.WORK)
@require_POST
def undo(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """It was not done after all."""
    try:
        tasks.move(task=task_id, move=TaskMove.REOPEN, by=viewer_of(request))
        said = DONE[TaskMove.REOPEN]
    except MoveNotAllowed as refused:
        refusals.write_down(request, refused)
        said = str(refused)
    return _row(request, task_id, said) if _is_part(request) else _back(request, task_id, said)


@needs("act", DataClass.WORK)
@require_POST
def take(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """I do it."""
    try:
        tasks.take(task=task_id, by=viewer_of(request))
        said = "It is yours."
    except Refused as refused:
        refusals.write_down(request, refused)
        said = str(refused)
    return _row(request, task_id, said) if _is_part(request) else _back(request, task_id, said)


def _is_part(request: HttpRequest) -> bool:
    """Whether only the one line of the list was asked for."""
    return bool(request.htmx)  # type: ignore[attr-defined]


def _row(request: HttpRequest, task_id: UUID, said: str) -> HttpResponse:
    one = queries.task(viewer=viewer_of(request), task_id=task_id).task
    return page(request, "tasks/row.jinja", {"row": one, "said": said, "say": words, "viewer": viewer_of(request)})


def _back(request: HttpRequest, task_id: UUID, said: str, address: str = "") -> HttpResponse:
    """To the list that it was pressed on, or to the task."""
    request.session[session.UNDO] = {"words": said, "address": address}
    return redirect("task", task_id) if request.POST.get("back") == "task" else redirect("tasks")


@needs("act", DataClass.WORK)
@require_http_methods(["GET", "POST"])
def new_task(request: HttpRequest) -> HttpResponse:
    """What is your team to do, about nobody in particular?"""
    viewer, form = viewer_of(request), _filled(request)
    if not may_work(viewer):
        raise NoAccess(tasks.NOT_YOUR_WORK)
    to = forms.people_to(viewer=viewer, teams=viewer.teams, others=False)
    asked = forms.new(form, to=to, viewer=viewer) if request.method == "POST" else None
    if asked is not None:
        try:
            made = tasks.ask_of_team(new=asked, by=viewer)
        except Refused as refused:
            refusals.write_down(request, refused)
            form.errors.append(("to", str(refused)))
        else:
            return _made(request, made.pk)
    return _new_page(request, form, to)


@needs("act", DataClass.WORK)
@require_http_methods(["GET", "POST"])
def person_task(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """What is to be done for them, by whom and by when?"""
    viewer, form = viewer_of(request), _filled(request)
    grant = open_record(person_id=person_id, by=viewer)
    to = forms.people_to(viewer=viewer, teams=viewer.teams, others=True)
    asked = forms.new(form, to=to, viewer=viewer, person=grant.person.pk) if request.method == "POST" else None
    if asked is not None:
        try:
            made = tasks.ask_about(new=asked, grant=grant, by=viewer)
        except Refused as refused:
            refusals.write_down(request, refused)
            form.errors.append(("to", str(refused)))
        else:
            return _made(request, made.pk if made.team_id in viewer.teams else None)
    return _new_page(request, form, to, about=face(grant=grant, at=viewer.at))


def _filled(request: HttpRequest) -> Form:
    if request.method == "POST":
        return Form(request.POST.dict())
    return Form({"due_on": day_of(at_of(request)).isoformat()})


def _new_page(request: HttpRequest, form: Form, to: dict[str, forms.To], **about: object) -> HttpResponse:
    given = {"form": form, "to": forms.options(to), "priorities": forms.URGENT, "skills": forms.SKILLS, **about}
    return page(request, "tasks/new.jinja", given, status=422 if form.errors else 200)


def _made(request: HttpRequest, task_id: UUID | None) -> HttpResponse:
    said = "Asked." if task_id else "Asked: the other team is told."
    request.session[session.UNDO] = {"words": said, "address": ""}
    return redirect("task", task_id) if task_id else redirect("tasks")
