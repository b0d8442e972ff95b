"""What is typed on the form of a note."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.http import HttpRequest, QueryDict

from locality.base.ids import new_id
from locality.base.periods import LONDON, day_of
from locality.neighbourhoods.actions.notes import SAY_WHAT, Also, Brought, FollowUp, Said
from locality.neighbourhoods.rules.attachments import LARGEST, TOO_LARGE
from locality.neighbourhoods.rules.notes import (
    ALERT_WORDS,
    FALL_FIELDS,
    KIND_WORDS,
    MEASURES,
    WOUND_FIELDS,
    Mood,
    NoteKind,
)
from locality.web.forms import Form

KINDS = tuple((str(one), words) for one, words in KIND_WORDS.items())
MOODS = tuple((str(one), str(one).capitalize()) for one in Mood)
ALERT = tuple(ALERT_WORDS.items())
OXYGEN = (("yes", "Yes"), ("no", "No, breathing air"))
NO_TIME = "Write the time as 14:30."
NO_KIND = "Choose what kind of contact it was."
NO_REASON = "Say why few should read it."
NO_DAY = "Say by when it is to be done."
NO_TEAM = "Choose whose task it is."
NO_NUMBER = "is written as a number, such as 52.1."
# what is kept of a form that is not yet sent; never a file
NOT_DRAFTED = {"csrfmiddlewaretoken", "about", "why", "version"}


def filling(typed: str) -> UUID:
    """The mark of one filling of the form, so that sent twice it is one note."""
    try:
        return UUID(typed)
    except ValueError:
        return new_id()


def said(form: Form, *, at: datetime) -> Said | None:
    """What the note says; nothing when something is missing or cannot be read, which the form then says."""
    words = form.text("words")
    if not words:
        form.errors.append(("words", SAY_WHAT))
    kind = form.chosen("kind", {str(one): one for one in NoteKind}, needed=NO_KIND)
    happened_at = _moment(form, at=at)
    readings = _readings(form)
    mood = form.chosen("mood", {str(one): one for one in Mood}) or ""
    why = form.words("restricted_why")
    if form.typed.get("restricted") and not why:
        form.errors.append(("restricted_why", NO_REASON))
    if form.errors or kind is None:
        return None
    return Said(
        kind=kind,
        happened_at=happened_at,
        words=words,
        with_whom=form.words("with_whom"),
        readings=readings,
        on_oxygen={"yes": True, "no": False}.get(form.words("on_oxygen")),
        oxygen_scale_2=bool(form.typed.get("oxygen_scale_2")),
        consciousness=form.words("consciousness") if form.words("consciousness") in ALERT_WORDS else "",
        fall=_parts(form, "fall", FALL_FIELDS),
        wound=_parts(form, "wound", WOUND_FIELDS),
        mood=mood,
        sensitive=bool(form.typed.get("sensitive")),
        restricted_why=why if form.typed.get("restricted") else "",
    )


def also(form: Form, request: HttpRequest) -> Also | None:
    """What comes with it; nothing when something is missing, which the form then says."""
    follow_up, files = _follow_up(form), brought(form, request)
    tell = ids(request.POST.getlist("tell"))
    return None if form.errors else Also(files=files, tell=tell, follow_up=follow_up)


def brought(form: Form, request: HttpRequest) -> list[Brought]:
    """The files that were chosen, none read that is too large."""
    found = []
    for one in request.FILES.getlist("files"):
        if (one.size or 0) > LARGEST:
            form.errors.append(("files", f"{one.name}: {TOO_LARGE}"))
        else:
            found.append(Brought(name=one.name or "", content=one.read()))
    return found


def drafted(sent: QueryDict) -> dict[str, str | list[str]]:
    """What is kept of a form that is not yet sent: nothing where nobody has typed anything."""
    told = {name: sent.getlist(name) for name in sent if name not in NOT_DRAFTED}
    return {name: values if name == "tell" else values[-1] for name, values in told.items() if any(values)}


def has_words(told: Mapping[str, object]) -> bool:
    """Whether there is anything to lose: the kind and the mark of a form are there untouched."""
    return any(value for name, value in told.items() if name not in ("form", "kind", "task_team", "task_on"))


def ids(values: Iterable[str]) -> list[UUID]:
    """Those of these words that are ids."""
    return [UUID(one) for one in values if _is_id(one)]


def _is_id(typed: str) -> bool:
    try:
        UUID(typed)
    except ValueError:
        return False
    return True


def _moment(form: Form, *, at: datetime) -> datetime:
    """When it was: now, unless a day and a time are typed."""
    on, typed = form.day("on"), form.words("time")
    if on is None and not typed:
        return at
    try:
        hour = time.fromisoformat(typed.replace(".", ":").zfill(5))
    except ValueError:
        form.errors.append(("time", NO_TIME))
        return at
    return datetime.combine(on or day_of(at), hour.replace(tzinfo=None), LONDON)


def _readings(form: Form) -> dict[str, Decimal]:
    found = {}
    for one in MEASURES:
        typed = form.words(one.name).replace(",", ".")
        if not typed:
            continue
        try:
            value = Decimal(typed)
            if not value.is_finite():
                raise InvalidOperation
            found[one.name] = round(value, one.places)
        except (InvalidOperation, OverflowError, ValueError):
            form.errors.append((one.name, f"{one.words} {NO_NUMBER}"))
    return found


def _parts(form: Form, part: str, fields: Mapping[str, object]) -> dict[str, str]:
    told = {name: form.words(f"{part}_{name}") for name in fields}
    return {name: words[:300] for name, words in told.items() if words}


def _follow_up(form: Form) -> FollowUp | None:
    title = form.words("task")
    if not title:
        return None
    due_on = form.day("task_on", needed=NO_DAY)
    team = form.words("task_team", needed=NO_TEAM)
    if due_on is None or not _is_id(team):
        return None
    return FollowUp(title=title, team=UUID(team), due_on=due_on)


def in_a_week(at: datetime) -> str:
    """The day on which a follow-up is mostly due."""
    return (day_of(at) + timedelta(days=7)).isoformat()
