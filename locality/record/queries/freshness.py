"""How lately each source has spoken, and what is known where nothing is held. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from locality.access.rules import Factor, closed_panel
from locality.base.periods import day_of
from locality.base.words import day_words
from locality.directory.rules import agreement_in_force, state_of_source
from locality.record.queries.shapes import Known, SourceLine, Sources, Standing
from locality.record.queries.words import counted, delay_words, moment_words

LATE = (Standing.LATE, Standing.SILENT, Standing.EXPIRED)


@dataclass(frozen=True, slots=True)
class PatientHeld:
    """Who one source says the person is."""

    id: UUID
    family: str
    given: str
    birth_text: str
    sex: str
    address_lines: list[str]
    postcode: str
    phone: str
    practice_words: str
    interpreter: bool
    language: str


@dataclass(slots=True)
class Connected:
    """One source of the place, and what it holds of one person."""

    id: UUID
    code: str
    name: str
    organisation: str
    connected: bool
    is_trial: bool
    sends: frozenset[str]
    every_hours: int | None
    agreement_purpose: str
    agreement_starts_on: date | None
    agreement_ends_on: date | None
    last_at: datetime | None
    patients: list[PatientHeld] = field(default_factory=list)
    holds: int = 0
    keeps_back: bool = False  # whether any source holds an allergy that may not be shown

    def standing(self, at: datetime) -> Standing:
        """Whether it may speak, and has, as of a moment."""
        if not self.connected:
            return Standing.NOT_CONNECTED
        in_force = agreement_in_force(
            purpose=self.agreement_purpose,
            starts_on=self.agreement_starts_on,
            ends_on=self.agreement_ends_on,
            on=day_of(at),
        )
        if not in_force:
            return Standing.EXPIRED
        return Standing(state_of_source(last_at=self.last_at, every_hours=self.every_hours, at=at))


def source_of(columns: Sequence[Any]) -> Connected:
    """A source from its columns, in the order above."""
    told = [*columns[:6], frozenset(columns[6]), *columns[7:]]
    return Connected(*told)


def standing_words(source: Connected, at: datetime) -> str:
    """`On time`, `Late by 3 days`, `Silent since Sat 31 Oct 2026`: how lately a source has spoken."""
    standing = source.standing(at)
    if standing == Standing.EXPIRED:
        return agreement_words(starts_on=source.agreement_starts_on, ends_on=source.agreement_ends_on, on=day_of(at))
    if standing == Standing.LATE and source.last_at and source.every_hours:
        return f"Late by {delay_words(at - source.last_at - timedelta(hours=source.every_hours))}"
    if standing == Standing.SILENT and source.last_at:
        return f"Silent since {day_words(day_of(source.last_at))}"
    if standing == Standing.OK and source.every_hours is None:
        return "Sent by hand"
    return {
        Standing.OK: "On time",
        Standing.NEVER: "Has not sent yet",
        Standing.NOT_CONNECTED: "Not connected",
    }[standing]


def agreement_words(*, starts_on: date | None, ends_on: date | None, on: date) -> str:
    """Until when a source may send, in words."""
    if starts_on is None:
        return "No agreement"
    if on < starts_on:
        return f"Agreement begins {day_words(starts_on)}"
    if ends_on is None:
        return "No end"
    if on >= ends_on:
        return f"Agreement ended {day_words(ends_on)}"
    left = (ends_on - on).days
    return f"Ends in {counted(left, 'day')}" if left <= ENDS_SOON_DAYS else f"To {day_words(ends_on)}"


ENDS_SOON_DAYS = 60


def due_words(every_hours: int | None) -> str:
    """How often a source is due."""
    if every_hours is None:
        return "sent by hand"
    if every_hours % 168 == 0:
        return "due weekly" if every_hours == 168 else f"due every {every_hours // 168} weeks"
    if every_hours % 24 == 0:
        return "due daily" if every_hours == 24 else f"due every {every_hours // 24} days"
    return f"due every {counted(every_hours, 'hour')}" if every_hours > 1 else "due every hour"


def late_words(source: Connected, at: datetime) -> str:
    """Who is late, and by how much, to stand under a panel."""
    words = standing_words(source, at)
    return f"{source.name}: {words[0].lower()}{words[1:]}"


# ---- what is known where nothing is held


def feeds(sources: Iterable[Connected], *, types: frozenset[str], wrote: Iterable[UUID] = ()) -> list[Connected]:
    """The sources a panel rests on: those that know the person and send such things, or have written one of them."""
    writers = set(wrote)
    return [one for one in sources if one.id in writers or (one.patients and one.connected and one.sends & types)]


def known_of(
    sources: Sequence[Connected], *, types: frozenset[str], opens: bool, held: bool, kept_back: bool, at: datetime
) -> Known:
    """Which of the states a panel is in, but for an explicit none: nothing held is never said to be none.

    Kept back comes before everything; then what is held; then whether anybody who would say is connected and on time.
    """
    if kept_back:
        return Known.WITHHELD
    if held:
        return Known.PRESENT
    if not opens:
        return Known.CLOSED
    would_say = [one for one in sources if one.connected and not one.is_trial and one.sends & types]
    have_spoken = [one for one in would_say if one.last_at is not None]
    if not have_spoken:
        return Known.NOT_CONNECTED
    know_the_person = [one for one in have_spoken if one.patients] or have_spoken
    if any(one.standing(at) in LATE for one in know_the_person):
        return Known.UNAVAILABLE
    return Known.NOT_RECORDED


def known_words(known: Known, noun: str, *, closed_by: Factor | None = None) -> str:
    """The sentence a panel shows in each state but `present`; `closed_by` is what closes all of it."""
    if closed_by is not None:
        return closed_panel(noun, closed_by)
    return {
        Known.CLOSED: closed_panel(noun, None),
        Known.PRESENT: "",
        Known.NONE_KNOWN: f"No known {noun}, said explicitly.",
        Known.NOT_RECORDED: f"Not recorded. No connected organisation has said anything about {noun}. "
        "This does not mean none: ask.",
        Known.NOT_CONNECTED: f"Not connected. Nobody who would hold {noun} sends to us yet. "
        "This does not mean none: ask.",
        Known.WITHHELD: f"Some {noun} are withheld. They exist and are not shown to you: ask before acting.",
        Known.UNAVAILABLE: f"Not known just now. Who usually sends {noun} has not sent when due. "
        f"This does not mean no {noun}: ask.",
    }[known]


# ---- what each organisation holds


def sources_of(sources: Sequence[Connected], *, at: datetime) -> Sources:
    """Who is connected and what they hold of this person; files tried by hand only where they hold something."""
    shown = [one for one in sources if one.patients or not one.is_trial]
    shown.sort(key=lambda one: (not one.patients, not one.connected, one.name))
    return Sources(words=_answer(shown, at), lines=tuple(_line(one, at) for one in shown))


def _line(source: Connected, at: datetime) -> SourceLine:
    holds = f"{counted(source.holds, 'line')} held" if source.patients else "nothing held of this person"
    spoke = [moment_words(source.last_at)] if source.last_at else []
    return SourceLine(
        code=source.code,
        name=source.name,
        state=source.standing(at),
        state_words=standing_words(source, at),
        last_words=", ".join([*spoke, holds]) if source.connected or source.patients else "",
        last_at=source.last_at,
        holds=source.holds,
    )


def _answer(sources: Sequence[Connected], at: datetime) -> str:
    """`6 organisations hold something of this person; Persona: late by 3 days.`"""
    knowing = [one for one in sources if one.patients]
    organisations = list(dict.fromkeys(one.organisation for one in knowing))
    late = [late_words(one, at) for one in knowing if one.standing(at) in LATE]
    if not organisations:
        return "No organisation has sent anything about this person."
    who = organisations[0] if len(organisations) == 1 else counted(len(organisations), "organisation")
    said = f"{'Only ' if len(organisations) == 1 else ''}{who} {'holds' if len(organisations) == 1 else 'hold'}"
    return f"{said} something of this person; {'; '.join(late) if late else 'what was due has come'}."
