"""Home, for the role."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from locality.access import actions
from locality.access.actions import identity
from locality.access.queries import staff
from locality.access.rules import DataClass, may_decide_identity, may_find, may_review, may_run_sources
from locality.base import Viewer, ViewerKind
from locality.base.periods import day_of
from locality.neighbourhoods.queries import (
    candidates_waiting,
    caseload,
    corrections,
    courses,
    inbox,
    meetings,
    outbox,
    referrals,
    referrals_received,
    support,
    tasks,
    transfers,
)
from locality.neighbourhoods.rules.inbox import has_an_inbox
from locality.neighbourhoods.rules.transfers import may_look
from locality.people.queries.review import Wanted
from locality.population.queries.finding import waiting_by_list
from locality.population.rules.finding import MINUTES_A_PERSON, may_review_found
from locality.record import queries
from locality.record.queries import changes
from locality.record.queries.concerns import may_receive, waiting_count
from locality.web.guard import needs, viewer_of
from locality.web.identity.views import waiting
from locality.web.identity.words import Row, pace_words, queue_words, risk_words, row
from locality.web.pages import page
from locality.web.sources.words import sources_words
from locality.web.words import counted, day

MOST_DOUBTS = 6
# where what is between one and another is worked with
WAYS = (
    ("Referrals", "referrals"),
    ("Help nearby", "directory"),
    ("Messages that left, and that did not", "outbox"),
    ("Social prescribing", "support"),
    ("Classes", "classes"),
    ("What people say is wrong", "corrections"),
)
MOVES = (("Services that move", "transfers"),)
NOBODY = (
    "People appear here when your team takes them on, when they register with your practice or are referred to you."
)


@needs("read", DataClass.ID, people=True)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What needs me today?"""
    viewer = viewer_of(request)
    if viewer.kind in (ViewerKind.PERSON, ViewerKind.PROXY):
        return redirect("me_home")
    if may_run_sources(viewer):
        return _for_sources(request, viewer)
    if may_decide_identity(viewer):
        return _for_custodian(request, viewer)
    if may_review(viewer):
        return redirect("privacy")
    if not may_find(viewer):
        answer = f"Welcome, {viewer.name}"
        note = (
            "Your role sees counts, not people: the measures of the place and how finding people goes are in the menu. "
            "Money and boards follow as they are built."
        )
        seen = Listed("What you see", note, ())
        return page(
            request, "home.jinja", _blocks(answer, my_people=seen, to_do=_of_moves(viewer), ways=_moves(viewer))
        )
    mine = changes.my_people(viewer=viewer)
    actions.show(people_ids=[one.person.pk for one in mine.people], what="home.shown", by=viewer)
    blocks = _blocks(
        _answer(mine), find=True, my_people=_listed(mine), to_do=_to_do(viewer), ways=WAYS + _moves(viewer)
    )
    return page(request, "home.jinja", blocks)


def _to_do(viewer: Viewer) -> list[tuple[str, str, int]]:
    """What waits for this role: concerns for a safeguarding lead, people to review and put forward for those who do."""
    found = [*_of_the_team(viewer), *_between_us(viewer), *_of_moves(viewer)]
    if may_receive(viewer):
        found.append(("Safeguarding concerns to acknowledge", reverse("concerns"), waiting_count(viewer=viewer)))
    if may_review_found(viewer):
        people = sum(waiting_by_list(viewer=viewer).values())
        minutes = counted(people * MINUTES_A_PERSON, "minute")
        words = f"People to review, about {minutes}" if people else "People to review"
        found.append((words, reverse("finding"), people))
        forward = candidates_waiting(viewer=viewer)
        found.append(("Put forward to my teams", reverse("finding_candidates"), forward))
    return found


def _between_us(viewer: Viewer) -> list[tuple[str, str, int]]:
    """What one asked of another, what did not leave, and what people say is wrong; nothing is said of none."""
    asked = referrals.waiting(viewer=viewer)
    late = f", {asked.overdue} overdue" if asked.overdue else ""
    found = [
        (f"Referrals to answer{late}", f"{reverse('referrals')}?of=answer", asked.to_answer),
        ("Asked about our referrals", f"{reverse('referrals')}?of=sent&state=more+asked", asked.asked_of_us),
        ("Our referrals, answered this week", f"{reverse('referrals')}?of=sent", asked.answered_lately),
        ("Letters to post, and messages that did not go", reverse("outbox"), outbox.waiting(viewer=viewer)),
        ("People who say that something is wrong", reverse("corrections"), corrections.waiting(viewer=viewer)),
        ("Accepted, and supported by nobody yet", reverse("support"), len(support.waiting(viewer=viewer))),
        ("Classes today", reverse("classes"), len(courses.sessions_waiting(viewer=viewer))),
    ]
    return [one for one in found if one[2]]


def _of_the_team(viewer: Viewer) -> list[tuple[str, str, int]]:
    """What waits for somebody: told to them; and in a team its next meeting, what is due or to be looked at again."""
    told = ("New in the inbox", f"{reverse('inbox')}?of=mine&state=new", inbox.new_count(viewer=viewer))
    if not viewer.teams:
        return [told] if has_an_inbox(viewer) and told[2] else []
    on_it = caseload.waiting(viewer=viewer)
    found = [
        ("Tasks due today or overdue", f"{reverse('tasks')}?of=mine", tasks.due_count(viewer=viewer)),
        told,
        ("On the caseload, to be looked at again", f"{reverse('caseload')}?which=due", on_it.due),
        ("On the caseload, without a coordinator", f"{reverse('caseload')}?which=unallocated", on_it.unallocated),
    ]
    coming = meetings.next_of(viewer=viewer)
    if coming is not None:
        when = "today" if coming.meeting.on == day_of(viewer.at) else day(coming.meeting.on)
        words = f"Meeting {when}: people to talk about"
        found.insert(0, (words, reverse("meeting", args=[coming.meeting.pk]), coming.people))
    return found


def _for_sources(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    states = queries.sources_state(viewer=viewer, at=viewer.at)
    waiting = sum(state.waiting for state in states)
    to_do = [("Refused entries to look at", reverse("sources"), waiting)]
    if refused := sum(one.refused for one in referrals_received.senders(viewer=viewer)):
        to_do.append(("Refused referrals to look at", f"{reverse('sources')}#referrals", refused))
    if staff.may_keep_staff(viewer):
        soon = f"Staff whose role or team ends within {staff.ENDS_SOON_DAYS} days"
        to_do.append((soon, f"{reverse('staff')}?soon=yes", staff.ending_soon(viewer=viewer)))
    to_do += _of_moves(viewer)
    answer = sources_words(states)
    ways = (("Help nearby", "directory"), *_moves(viewer))
    return page(request, "home.jinja", _blocks(answer, sources=None, to_do=to_do, ways=ways))


def _of_moves(viewer: Viewer) -> list[tuple[str, str, int]]:
    waits = len(transfers.waiting(viewer=viewer))
    return [("Services that move: for our side to agree or sign", reverse("transfers"), waits)] if waits else []


def _moves(viewer: Viewer) -> tuple[tuple[str, str], ...]:
    return MOVES if may_look(viewer) else ()


def _for_custodian(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    found = waiting(viewer, Wanted(), most=MOST_DOUBTS)
    rows = tuple(row(one, now=viewer.at) for one in found.rows)
    words = pace_words(identity.pace(by=viewer))
    doubts = Doubts(f"{risk_words(found)}. {words}" if rows else words, rows, found.total)
    return page(request, "home.jinja", _blocks(queue_words(found), find=True, doubts=doubts))


def _blocks(answer: str, **blocks: object) -> dict[str, object]:
    nothing = dict.fromkeys(("my_people", "sources", "to_do", "doubts"))
    return {"answer": answer, "find": False, "ways": ()} | nothing | blocks


@dataclass(frozen=True, slots=True)
class Doubts:
    """The doubts that wait for the identity custodian, the first of `total`."""

    words: str
    rows: tuple[Row, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of people with its title, and what would be here when it is empty."""

    title: str
    note: str
    people: tuple["OfMine", ...]


@dataclass(frozen=True, slots=True)
class Said:
    """Who said something, and when."""

    short: str
    name: str
    at: object


@dataclass(frozen=True, slots=True)
class OfMine:
    """One of the viewer's own people, in words."""

    id: object
    family: str
    given: str
    likes: str
    birth_on: object
    sex: str
    died_on: object
    tag: str
    tag_kind: str
    changes: tuple[tuple[str, Said], ...]


def _answer(mine: changes.MyPeople) -> str:
    if not mine.total:
        return "Nobody is on your list yet"
    if not mine.changed:
        return f"Nothing new was said of your {counted(mine.total, 'person', 'people')} since the day before yesterday"
    many = f"{'At least ' if mine.more else ''}{mine.changed:,}"
    return f"{many} of your {counted(mine.total, 'person', 'people')} changed since the day before yesterday"


def _listed(mine: changes.MyPeople) -> Listed:
    shown = tuple(_of_mine(one) for one in mine.people)
    note = f"Showing {len(shown)} of your {counted(mine.total, 'person', 'people')}, those last spoken of first."
    return Listed("My people", note if shown else NOBODY, shown)


def _of_mine(one: changes.Mine) -> OfMine:
    person = one.person
    return OfMine(
        id=person.pk,
        family=person.family,
        given=person.given,
        likes=person.likes,
        birth_on=person.birth_on or person.birth_text,
        sex=person.sex or "sex not known",
        died_on=person.died_on,
        tag="Has died" if person.died else "",
        tag_kind="quiet",
        changes=tuple(
            (
                f"{change.title}: {change.value}" if change.value else change.title,
                Said(change.sender, change.sender_name, change.at),
            )
            for change in one.changes
        ),
    )
