"""The same fact from several senders is one line; where they differ, the line says who says what. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from locality.access.rules import DataClass
from locality.base.periods import day_of
from locality.base.words import day_words
from locality.record.headlines import State, Topic
from locality.record.queries.chapters import CHAPTERS, chapter_of
from locality.record.queries.rows import Row, sender_name, sender_names
from locality.record.queries.shapes import Fact, Sender
from locality.record.queries.words import listed, when_words

# what ends by running its course is history, not a disagreement
RAN_ITS_COURSE = {"completed", "finished", "fulfilled", "issued"}
SAYS_WHAT_HOLDS = {Topic.ALLERGY, Topic.PROBLEM, Topic.MEDICINE, Topic.ALERT, Topic.DECISION}
# the lines that are shown though the period they name is over: somebody may still go by them
SHOWN_WHEN_OVER = {Topic.ALLERGY, Topic.ALERT, Topic.MEDICINE, Topic.DECISION}
ENDED_WORDS = {
    "stopped": "Stopped",
    "cancelled": "Cancelled",
    "revoked": "Revoked",
    "superseded": "Superseded",
    "refuted": "Ruled out",
    "resolved": "Resolved",
    "remission": "In remission",
    "inactive": "No longer active",
    "completed": "Finished",
    "finished": "Finished",
    "rejected": "Declined",
    "declined": "Declined",
    "noshow": "Did not attend",
}
HELD_UP_WORDS = {"on-hold": "On hold", "onhold": "On hold", "suspended": "On hold"}
GRAVE = ("anaphyla", "severe", "high risk", "life threatening", "life-threatening", "fatal")
# lines that say more than fits under them
OPENS = {
    *("DocumentReference", "Composition", "DiagnosticReport", "Media", "QuestionnaireResponse", "Consent", "CarePlan"),
}
Details = tuple[tuple[str, str], ...]
RANKS = {State.CURRENT: 0, State.UNKNOWN: 1, State.PLANNED: 2, State.PAST: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a line depends on besides its rows: when it is read, what was seen before, and what may be told."""

    at: datetime
    looked_before_at: datetime | None
    tells_place: bool


def same_facts(rows: Iterable[Row]) -> list[list[Row]]:
    """The rows of each fact, in the order in which the facts first appear; a row without a key stands alone."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.group_key or str(row.id), []).append(row)
    return list(groups.values())


def is_over(row: Row, at: datetime) -> bool:
    """Whether it has ended: by its status, or because the period it names is past."""
    return row.state == State.PAST or (row.ends_at is not None and row.ends_at <= at)


def is_grave(row: Row) -> bool:
    """Whether its words speak of severe harm."""
    words = row.value.casefold()
    return any(sign in words for sign in GRAVE)


def best_first(rows: Sequence[Row], at: datetime) -> list[Row]:
    """The row to show first: not said to be somebody else's, still holding, gravest, said last."""
    return sorted(
        rows,
        key=lambda row: (
            row.remark is not None,
            is_over(row, at),
            RANKS.get(State(row.state), 1),
            not is_grave(row),
            -row.said_at.timestamp(),
            row.id,
        ),
    )


def fact_of(rows: Sequence[Row], view: View, *, details: Callable[[Row], Details]) -> Fact:
    """One line of the rows that say the same; `details` gives what opens under the row it shows."""
    ordered = best_first(rows, view.at)
    best = ordered[0]
    senders = senders_of(ordered, view)
    words, kind = state_words(best, view.at)
    return Fact(
        id=best.thing,
        title=best.title,
        # a flag's value is only the kind of flag, which opens under it
        value="" if best.type == "Flag" else best.value,
        senders=senders,
        state=words,
        state_kind=kind,
        happened_text=when_words(best.happened_text),
        at=best.happened_text or best.happened_at,
        also_held_by=also_held_by(senders),
        is_new=is_new(rows, view),
        is_future=best.happened_at is not None and best.happened_at > view.at,
        caution=caution_of(ordered, view),
        details=details(best),
        disagreement=disagreement(ordered, view),
        remark=best.remark,
        document_id=str(best.thing) if best.type in OPENS else "",
        data_class=class_of(ordered),
    )


def class_of(rows: Sequence[Row]) -> str:
    """The class of what these say together: where one of them is sensitive, so is the line."""
    told = [row.data_class for row in rows]
    return next((one for one in (DataClass.SAFE, DataClass.SENS) if one in told), told[0])


def line_of(row: Row, others: Sequence[Row], view: View, *, details: Callable[[Row], Details]) -> Fact:
    """The line of one row, whatever other senders say; and who of them holds the same fact."""
    senders = told_apart([sender_of(row, view), *senders_of(others, view)])
    return replace(
        fact_of([row], view, details=details),
        chapter=CHAPTERS[chapter_of(source=row.source, kind=row.kind)],
        senders=senders,
        also_held_by=also_held_by(senders),
        is_new=is_new([row, *others], view),
        disagreement=disagreement([row, *others], view),
    )


def is_new(rows: Sequence[Row], view: View) -> bool:
    """Whether any of it came since this viewer last looked; at a first look nothing is marked."""
    return view.looked_before_at is not None and any(row.received_at > view.looked_before_at for row in rows)


def senders_of(ordered: Sequence[Row], view: View) -> tuple[Sender, ...]:
    """Each source once, with when it last said so; the sender of the row that is shown comes first."""
    last: dict[UUID, Row] = {}
    for row in ordered:
        known = last.get(row.source_id)
        last[row.source_id] = row if known is None or row.said_at > known.said_at else known
    return told_apart([sender_of(row, view) for row in last.values()])


def told_apart(senders: Sequence[Sender]) -> tuple[Sender, ...]:
    """Two feeds of one organisation go by their own names."""
    names = [one.name for one in senders]
    return tuple(replace(one, name=one.source) if names.count(one.name) > 1 else one for one in senders)


def sender_of(row: Row, view: View) -> Sender:
    """Who sent a row, and when they said it."""
    return Sender(
        short=row.short,
        name=sender_name(row, tells_place=view.tells_place),
        source=row.source_name,
        at=row.said_at,
    )


def also_held_by(senders: Sequence[Sender]) -> tuple[str, ...]:
    """The other senders."""
    return tuple(one.name for one in senders[1:])


def caution_of(ordered: Sequence[Row], view: View) -> str:
    """The warnings of every row, each once, and who is said to have sent somebody else's."""
    found = [row.caution for row in ordered if row.caution]
    if ordered[0].remark is None:
        doubted = [sender_name(row, tells_place=view.tells_place) for row in ordered if row.remark is not None]
        if doubted:
            found.append(f"What {listed(list(dict.fromkeys(doubted)))} sent was said to be somebody else's.")
    return " ".join(dict.fromkeys(found))


# ---- what holds, in words


def state_words(row: Row, at: datetime) -> tuple[str, str]:
    """A tag for a line and its kind: never `current` for what is stopped, and nothing where it simply holds."""
    if row.state == State.PAST:
        return _ended_words(row), "quiet"
    if row.ends_at is not None and row.ends_at <= at and row.topic in SHOWN_WHEN_OVER:
        return f"Ended {day_words(day_of(row.ends_at))}, still marked {row.status or 'current'}", "caution"
    if row.status in HELD_UP_WORDS:
        return HELD_UP_WORDS[row.status], "caution"
    if row.topic == Topic.ALLERGY and is_grave(row):
        return "Severe", "urgent"
    if row.state == State.PLANNED:
        return "Planned", "info"
    return ("Status not said", "quiet") if row.state == State.UNKNOWN and not row.status else ("", "quiet")


def _ended_words(row: Row) -> str:
    if row.topic not in SAYS_WHAT_HOLDS:
        return {"cancelled": "Cancelled", "noshow": "Did not attend", "not-done": "Not done"}.get(row.status, "")
    return ENDED_WORDS.get(row.status) or (row.status.replace("-", " ").capitalize() if row.status else "Over")


# ---- where senders differ


def disagreement(ordered: Sequence[Row], view: View) -> str:
    """Who says what, where the rows of one fact do not say the same; nothing where they do."""
    if ordered[0].topic not in SAYS_WHAT_HOLDS:
        return ""
    speaking = _speaking(ordered, view.at)
    if len(speaking) < 2 or not _differ(speaking, view.at):
        return ""
    told: dict[str, list[str]] = {}
    names = sender_names(speaking, tells_place=view.tells_place)
    for row in speaking:
        told.setdefault(_says(row, view.at), []).append(names[row.source_id])
    if len(told) < 2:
        return ""
    return "; ".join(_who_says(list(dict.fromkeys(names)), words) for words, names in told.items()) + "."


def _who_says(names: list[str], words: str) -> str:
    return f"{listed(names)} {'says' if len(names) == 1 else 'say'} {words}"


def _speaking(ordered: Sequence[Row], at: datetime) -> list[Row]:
    """What each source says now: its rows that hold, else its last word, unless that merely ran its course."""
    by_source: dict[UUID, list[Row]] = {}
    for row in ordered:
        by_source.setdefault(row.source_id, []).append(row)
    speaking = []
    for rows in by_source.values():
        holding = [row for row in rows if not is_over(row, at)]
        last = max(rows, key=lambda row: row.said_at)
        if holding:
            speaking += holding
        elif last.status not in RAN_ITS_COURSE:
            speaking.append(last)
    return speaking


def _differ(rows: Sequence[Row], at: datetime) -> bool:
    first, *others = rows
    if any(is_over(row, at) != is_over(first, at) for row in others):
        return True
    return any(not _compatible(one.value, other.value) for place, one in enumerate(rows) for other in rows[:place])


def _compatible(one: str, other: str) -> bool:
    """Saying more is not saying otherwise: `rash` and `rash, severe` agree, `rash` and `anaphylaxis` do not."""
    parts, others = _parts(one), _parts(other)
    return parts <= others or others <= parts


def _parts(value: str) -> frozenset[str]:
    return frozenset(part.strip(" .") for part in value.casefold().split(",") if part.strip(" ."))


def _says(row: Row, at: datetime) -> str:
    if row.state == State.PAST:
        words = _ended_words(row).lower()
        return f"{words}, {when_words(row.happened_text)}" if row.happened_text else words
    if is_over(row, at):
        return state_words(row, at)[0].lower()
    return row.value or "it holds"
