"""Who is involved: the named coordinator first, then who is named in teams, then who has a reason to know. Pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time

from locality.access.queries import Involved
from locality.access.rules import RelationKind
from locality.base.ids import named_id
from locality.base.words import day_words, sort_key
from locality.record.headlines import Participant
from locality.record.queries.grouping import also_held_by, best_first, is_new, is_over, sender_of
from locality.record.queries.panels import INVOLVED, Page, panel, shown_groups
from locality.record.queries.rows import Row
from locality.record.queries.shapes import Fact, Panel, Sender

COORDINATES = re.compile(r"coordinator|co-ordinator|care manager|named contact|ring (?:her |him |them )?first")
KEY_WORKER = re.compile(r"key ?worker|case manager")
# where these are tells where somebody lives
TELL_PLACE = {RelationKind.REGISTERED_PRACTICE, RelationKind.CARE_HOME}
KIND_WORDS = {
    RelationKind.REGISTERED_PRACTICE: "GP practice",
    RelationKind.CASELOAD: "has them on its caseload",
    RelationKind.EPISODE: "looks after them now",
    RelationKind.MEETING: "talks about them at its meeting",
    RelationKind.DUTY: "is on duty for them",
    RelationKind.CARE_HOME: "care home",
    RelationKind.REFERRAL: "was asked to see them",
    RelationKind.VISIT: "visits them",
}
Placed = tuple[tuple[int, str], Fact]


def involved_panel(page: Page, *, rows: Sequence[Row], related: Sequence[Involved], practice: str) -> Panel:
    """Everybody who is involved, each once; whoever coordinates comes first, with a telephone number."""
    groups = shown_groups(rows, page, keep=lambda row: not is_over(row, page.view.at))
    people: dict[str, Placed] = {}
    for group in groups:
        for placed in _members(page, best_first(group, page.view.at)[0]):
            # "Jackie Tonge, Tea Circle" is Jackie Tonge; who says how to reach her is shown
            who = sort_key(placed[1].title.partition(",")[0])
            known = people.get(who)
            people[who] = placed if known is None or (placed[1].details and not known[1].details) else known
    told = list(people.values())
    told += [((3, one.name), _related(one)) for one in related if page.view.tells_place or one.kind not in TELL_PLACE]
    if practice and all(one.kind != RelationKind.REGISTERED_PRACTICE for one in related):
        told += [((4, practice), fact) for fact in _practice(page, practice)]
    told += [((5, group[0].title), page.fact(group)) for group in groups]
    told.sort(key=lambda placed: placed[0])
    return panel(page, INVOLVED, [fact for _, fact in told], rows)


def _members(page: Page, row: Row) -> Iterable[Placed]:
    """Each person in a team, with a telephone number where the team or the source has one."""
    if not page.contents.opens(row):
        return
    participants = page.contents.resources[row.id].get("participant") or ()
    for number, (one, sent) in enumerate(zip(page.contents.detail(row).people, participants, strict=False)):
        if one.name or one.role:
            known = page.contents.named(row, (sent.get("member") or {}).get("reference") or "")
            yield _member(page, row, one, number=number, phone=one.phone or (known.phone if known else ""))


def _member(page: Page, row: Row, one: Participant, *, number: int, phone: str) -> Placed:
    role = one.role.casefold()
    tag = "Named coordinator" if COORDINATES.search(role) else "Key worker" if KEY_WORKER.search(role) else ""
    fact = Fact(
        id=row.thing,
        title=one.name or one.role,
        value=", ".join(filter(None, [one.role if one.name else "", phone])),
        senders=(sender_of(row, page.view),),
        state=tag,
        state_kind="info" if tag else "quiet",
        is_new=is_new([row], page.view),
        details=(("Phone", phone),) if phone else (),
        remark=row.remark,
    )
    return (("Named coordinator", "Key worker", "").index(tag), f"{number:03}"), fact


def _related(one: Involved) -> Fact:
    """A team, practice or practitioner with a live reason to know the person."""
    name = one.organisation or one.name
    details = (("Phone", one.phone), ("Why", one.reason), ("Of", one.organisation))
    return Fact(
        id=named_id("involved", one.kind, one.name, str(one.since)),
        title=one.name,
        value=", ".join(filter(None, [KIND_WORDS.get(RelationKind(one.kind), ""), one.phone])),
        senders=(Sender(short=name, name=name, source=name, at=datetime.combine(one.since, time(), UTC)),),
        happened_text=f"since {day_words(one.since)}",
        details=tuple((label, words) for label, words in details if words),
        is_row=False,
    )


def _practice(page: Page, practice: str) -> list[Fact]:
    """The practice that senders say the person is registered with, where no dated row says so."""
    saying = [one for one in page.sources if any(patient.practice_words == practice for patient in one.patients)]
    senders = [Sender(short=one.name, name=one.name, source=one.name, at=one.last_at) for one in saying]
    fact = Fact(
        id=named_id("involved", "practice", practice),
        title=practice,
        value="GP practice",
        senders=tuple(senders),
        also_held_by=also_held_by(senders),
        is_row=False,
    )
    return [fact] if saying else []
