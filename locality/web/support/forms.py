"""What is typed and pressed on the pages of a link worker."""

from datetime import date, datetime, time
from uuid import UUID

from locality.base import NotFound, Viewer
from locality.base.periods import LONDON, day_of
from locality.neighbourhoods.actions.offers import NewOffer
from locality.neighbourhoods.actions.support import NewContact, NewSupport
from locality.neighbourhoods.queries.support import One
from locality.neighbourhoods.rules.candidates import AGREED_WORDS, Agreed
from locality.neighbourhoods.rules.support import (
    OUTCOME_WORDS,
    REACHED_WORDS,
    WAY_WORDS,
    NeedState,
    OfferMove,
    Outcome,
    Reached,
    Way,
)
from locality.neighbourhoods.rules.wellbeing import SCALE_WORDS, Question
from locality.web.forms import Form
from locality.web.tasks.forms import whole

NO_EMPLOYER = "The role you signed in with belongs to no organisation, so support cannot be given in its name."
NEED_STATES = {one.value: one for one in NeedState}
MOVES = {one.value: one for one in OfferMove}
OUTCOMES = tuple((one.value, words) for one, words in OUTCOME_WORDS.items())
WAYS = tuple((one.value, words) for one, words in WAY_WORDS.items())
REACHED = tuple((one.value, words) for one, words in REACHED_WORDS.items())
AGREED = tuple((one.value, words) for one, words in AGREED_WORDS.items())
SCALE = tuple((str(one), str(one)) for one in range(11))
QUESTIONS = tuple(Question)


def new(form: Form, *, teams: dict[str, UUID], viewer: Viewer) -> NewSupport | None:
    """Whom one begins to support, and why; None where something is wrong, which the form then says."""
    why = whole(form, "why", needed="Say why, in a few words: what they would like help with.")
    team = next(iter(teams.values())) if len(teams) == 1 else form.chosen("team", teams, needed="Choose a team.")
    agreed = form.chosen("agreed", {one.value: one for one in Agreed}, needed="Say whether they agreed.")
    next_on = form.day("next_on")
    if viewer.organisation is None:
        form.errors.append(("why", NO_EMPLOYER))
    if form.errors or team is None or agreed is None or viewer.organisation is None:
        return None
    referral = _id(form, "referral")
    return NewSupport(
        team=team, why=why, agreed=agreed, sender=viewer.organisation, next_on=next_on, referral=referral
    )  # fmt: skip


def contact(form: Form, *, viewer: Viewer) -> NewContact | None:
    """How one met, and when one is in touch next; with no day and time typed, now."""
    way = form.chosen("way", {one.value: one for one in Way}, needed="Choose how you met, or tried to.")
    reached = form.chosen("reached", {one.value: one for one in Reached}, needed="Choose whether you spoke.")
    words = whole(form, "words")
    next_on = form.day("next_on")
    at = _moment(form, viewer)
    if form.errors or way is None or reached is None:
        return None
    return NewContact(at=at, way=way, reached=reached, words=words, next_on=next_on)


def _moment(form: Form, viewer: Viewer) -> datetime:
    on, typed = form.day("on"), form.words("at").replace(".", ":")
    if on is None and not typed:
        return viewer.at
    try:
        at = time.fromisoformat(typed) if typed else time(12, 0)
    except ValueError:
        form.errors.append(("at", f"\u201c{typed}\u201d is not a time: type hours and minutes, such as 14:30."))
        return viewer.at
    day = on or day_of(viewer.at)
    # a day alone means some time of it: today, not later than now
    found = datetime.combine(day, at, tzinfo=LONDON)
    return min(found, viewer.at) if not typed else found


def offer(form: Form, *, services: dict[str, UUID], one: One) -> NewOffer | None:
    """What is offered, for which need."""
    service = form.chosen("service", services)
    what, wait = whole(form, "what"), whole(form, "wait")
    need = form.chosen("for", {str(row.id): row.id for row in one.needs})
    if service is None and not what and not form.errors:
        form.errors.append(("service", "Choose a service, or say in a few words what is offered."))
    return None if form.errors else NewOffer(service=service, what=what, need=need, wait=wait)


def answers(form: Form, *, viewer: Viewer) -> tuple[dict[Question, int], date] | None:
    """What they answered, and when; a question that was not asked is left out."""
    scores = {value: int(value) for value, _ in SCALE}
    said = {question: form.chosen(question.value, scores) for question in Question}
    told = {question: score for question, score in said.items() if score is not None}
    on = form.day("asked_on") or day_of(viewer.at)
    if on > day_of(viewer.at):
        form.errors.append(("asked_on", "That day is still to come."))
    if not told and not form.errors:
        form.errors.append(("satisfied", "Answer at least one of the four questions."))
    return None if form.errors else (told, on)


def handed(form: Form, *, to: dict[str, UUID]) -> tuple[UUID, str, int] | None:
    """To whom, why, and which version of it they had read."""
    owner = form.chosen("to", to, needed="Choose who supports them from now on.")
    why, version = whole(form, "hand_why"), form.typed.get("version", "")
    if form.errors or owner is None or not version.isdecimal() or len(version) > 9:
        return None
    return owner, why, int(version)


def ended(form: Form) -> tuple[Outcome, str] | None:
    """What came of it."""
    outcome = form.chosen("outcome", {one.value: one for one in Outcome}, needed="Choose what came of it.")
    words = whole(form, "outcome_words", needed="Say in a few words what came of it.")
    return None if form.errors or outcome is None else (outcome, words)


def referral(form: Form) -> UUID:
    """Which referral it is; NotFound for what names none."""
    found = _id(form, "referral")
    if found is None:
        raise NotFound("There is no such referral here.")
    return found


def _id(form: Form, name: str) -> UUID | None:
    try:
        return UUID(form.typed.get(name, ""))
    except ValueError:
        return None


def questions() -> list[tuple[Question, str]]:
    """Each question with what its ends mean."""
    return [(one, SCALE_WORDS[one]) for one in Question]
