"""What is typed and pressed on the pages of messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from locality.base.ids import new_id
from locality.neighbourhoods.actions.outbox import MOST_BODY, MOST_SUBJECT, SAY_SOMETHING, TOO_LONG, Written
from locality.neighbourhoods.queries.outbox import Asked
from locality.neighbourhoods.queries.receivers import Receiver, Way
from locality.neighbourhoods.rules.messages import GAPS, gaps
from locality.neighbourhoods.rules.outbox import Channel, MessageState
from locality.web.forms import Form

NO_WAY = "Choose by which way it goes."
NO_TEAM = "Choose for whom you write."
ORGANISATION = "organisation"
# what a page that somebody writes from may be about
ABOUT = ("meeting", "plan", "task", "note", "support")
_STATES = {one.value: one for one in MessageState}
_CHANNELS = {one.value: one for one in Channel}


@dataclass(frozen=True, slots=True, kw_only=True)
class For:
    """For whom somebody writes: a team of theirs that knows the person, or their organisation as a whole."""

    key: str
    words: str
    team: UUID | None


def writes_for(teams: Sequence[tuple[UUID, str]], *, organisation: str) -> list[For]:
    """The teams first, since answers come to a team's inbox."""
    found = [For(key=str(team), words=name, team=team) for team, name in teams]
    return [*found, For(key=ORGANISATION, words=f"{organisation}, for no team", team=None)]


def written(form: Form, *, to: Receiver, whose: Sequence[For], template: str) -> Written | None:
    """What is to go; nothing where something is missing or too long, which the form then says."""
    ways: dict[str, Way] = {one.channel.value: one for one in to.open_ways}
    way = form.chosen("way", ways, needed=NO_WAY)
    chosen = form.chosen("for", {one.key: one for one in whose}, needed=NO_TEAM)
    subject, body = form.words("subject", needed=SAY_SOMETHING), form.text("body")
    if not body:
        form.errors.append(("body", SAY_SOMETHING))
    for name, said, most in (("subject", subject, MOST_SUBJECT), ("body", body, MOST_BODY)):
        if len(said) > most:
            form.errors.append((name, TOO_LONG.format(most=most)))
        left = gaps(said)
        if left:
            form.errors.append((name, GAPS.format(gaps=", ".join(left))))
    if form.errors or way is None or chosen is None:
        return None
    about = form.typed.get("from", "")
    about = about if about in ABOUT else ""
    return Written(
        to_kind=to.kind,
        to_id=to.id,
        channel=way.channel,
        subject=subject,
        body=body,
        form=mark(form.typed.get("form", "")),
        team=chosen.team,
        template=template,
        about=about,
        about_id=id_of(form.typed.get("from_id", "")) if about else None,
    )


def mark(typed: str) -> UUID:
    """The mark of one filling of the form, so that sent twice it is one message."""
    return id_of(typed) or new_id()


def id_of(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def narrowed(typed: Mapping[str, str]) -> Asked:
    """Which messages were asked for; what is not understood narrows nothing."""
    return Asked(
        mine=typed.get("of") == "mine",
        state=_STATES.get(typed.get("state", "")),
        to_see_to=typed.get("state") == "see",
        channel=_CHANNELS.get(typed.get("way", "")),
        words=" ".join(typed.get("words", "").split())[:100],
    )
