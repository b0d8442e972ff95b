"""What is typed and pressed on the pages of referrals."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from uuid import UUID

from locality.base import Viewer
from locality.base.periods import LONDON
from locality.neighbourhoods.actions.referral_answers import Said
from locality.neighbourhoods.actions.referrals import NewReferral
from locality.neighbourhoods.queries.referral_facts import Known
from locality.neighbourhoods.queries.referral_receivers import Receiver, ReceiverKind
from locality.neighbourhoods.queries.referrals import OVERDUE, Asked, Side
from locality.neighbourhoods.rules.candidates import AGREED_WORDS, Agreed
from locality.neighbourhoods.rules.referrals import (
    DECLINED_WORDS,
    OUTCOME_WORDS,
    STATE_WORDS,
    URGENCY_WORDS,
    Declined,
    Outcome,
    ReferralMove,
    ReferralState,
    Urgency,
)
from locality.web.forms import Form

MOST_WORDS = 2000
NO_EMPLOYER = "The role you signed in with belongs to no organisation, so nothing can be asked in its name."
ABOUT = ("meeting", "plan", "task", "note", "support")
URGENCIES = tuple((one.value, words) for one, words in URGENCY_WORDS.items())
# of a form routine is what nothing chosen says
URGENT = tuple(one for one in URGENCIES if one[0] != Urgency.ROUTINE)
AGREED = tuple((one.value, words) for one, words in AGREED_WORDS.items())
REASONS = tuple((one.value, words) for one, words in DECLINED_WORDS.items())
OUTCOMES = tuple((one.value, words) for one, words in OUTCOME_WORDS.items())
STATES = ((OVERDUE, "Overdue"), *((one.value, words) for one, words in STATE_WORDS.items()))
SIDES = ((Side.ANSWER, "For us to answer"), (Side.SENT, "Sent by us"), (Side.ALL, "All"))
HOW = (
    ("here", "They have accounts here", "They may open the record until the referral is over"),
    ("link", "By a link in an e-mail", "They read a first name and what you ask for, and nothing of the record"),
)
# what each press is called in an address
MOVES = {
    "accept": ReferralMove.ACCEPT,
    "decline": ReferralMove.DECLINE,
    "ask": ReferralMove.ASK_MORE,
    "answer": ReferralMove.ANSWER_MORE,
    "book": ReferralMove.BOOK,
    "see": ReferralMove.SEE,
    "finish": ReferralMove.FINISH,
    "withdraw": ReferralMove.WITHDRAW,
    "reopen": ReferralMove.REOPEN,
}


def new(form: Form, *, to: Receiver, known: Sequence[Known], viewer: Viewer) -> NewReferral | None:
    """What is asked; None where something is wrong, which the form then says."""
    asked = whole(form, "asked", needed="Say what you ask for.")
    wanted, words = whole(form, "wanted"), whole(form, "more")
    agreed = form.chosen("agreed", {one.value: one for one in Agreed}, needed="Say whether they know and want it.")
    urgency = form.chosen("urgency", {one.value: one for one in Urgency}) or Urgency.ROUTINE
    team = form.chosen("team", {str(one): one for one in viewer.teams})
    if viewer.organisation is None:
        form.errors.append(("asked", NO_EMPLOYER))
    if form.errors or agreed is None or viewer.organisation is None:
        return None
    about, about_id = about_of(form.typed)
    return NewReferral(
        asked=asked,
        sender=viewer.organisation,
        team=team or (min(viewer.teams) if viewer.teams else None),
        to_team=to.id if to.kind == ReceiverKind.TEAM else None,
        to_service=to.id if to.kind == ReceiverKind.SERVICE else None,
        to_organisation=to.id if to.kind == ReceiverKind.ORGANISATION else None,
        need=form.words("need")[:100],
        words=words,
        wanted=wanted,
        contact=form.words("contact")[:200],
        facts=[one.as_sent() for one in known if form.typed.get(f"fact.{one.key}")],
        urgency=urgency,
        agreed=agreed,
        about=about,
        about_id=about_id,
        all_the_same=whole(form, "all_the_same"),
    )


def about_of(typed: Mapping[str, str]) -> tuple[str, UUID | None]:
    """What a referral comes from, as an address says it: `meeting.<id>`; nothing where it says none."""
    what, _, told = typed.get("from", "").partition(".")
    try:
        return (what, UUID(told)) if what in ABOUT else ("", None)
    except ValueError:
        return "", None


def said(form: Form, move: ReferralMove) -> Said | None:
    """What is said with a move; None where something is wrong, which the form then says."""
    words = whole(form, f"{move}_words" if f"{move}_words" in form.typed else "words")
    declined = form.chosen("declined", {one.value: one for one in Declined}) if move == ReferralMove.DECLINE else None
    outcome = form.chosen("outcome", {one.value: one for one in Outcome}) if move == ReferralMove.FINISH else None
    at = _moment(form) if move == ReferralMove.BOOK else None
    if form.errors:
        return None
    return Said(words=words, declined=declined, outcome=outcome, at=at, where=form.words("where")[:200])


def _moment(form: Form) -> datetime | None:
    on, typed = form.day("booked_on", needed="Say on which day."), form.words("booked_time", needed="Say at what time.")
    try:
        at = time.fromisoformat(typed.replace(".", ":")) if typed else None
    except ValueError:
        form.errors.append(
            ("booked_time", f"\u201c{typed}\u201d is not a time: type hours and minutes, such as 14:30.")
        )
        return None
    return datetime.combine(on, at, LONDON) if on and at else None


def whole(form: Form, name: str, *, needed: str = "") -> str:
    """All that was typed, or that it is too long: nothing is cut off what somebody meant."""
    words = form.words(name, needed=needed)
    if len(words) > MOST_WORDS:
        form.errors.append((name, f"That is longer than {MOST_WORDS:,} letters: type it shorter."))
    return words


def narrowed(typed: Mapping[str, str]) -> Asked:
    """Which referrals were asked for; what is not understood narrows nothing."""
    side, state, urgency = typed.get("of", ""), typed.get("state", ""), typed.get("urgency", "")
    return Asked(
        side=Side(side) if side in list(Side) else Side.ANSWER,
        words=" ".join(typed.get("words", "").split())[:100],
        state=state if state in (OVERDUE, *ReferralState) else "",
        urgency=Urgency(urgency) if urgency in list(Urgency) else None,
    )
