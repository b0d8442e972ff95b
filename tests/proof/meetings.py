"""The riverside team's meeting, open now: who is on its agenda, one whom the team may know no more, what was said."""

from datetime import time

from locality.neighbourhoods.actions import meetings as actions
from locality.neighbourhoods.models import Meeting, MeetingEntry, MeetingItem
from tests import factories as make
from tests.proof.desks import viewer
from tests.proof.listed import OF_THE_TEAM
from tests.proof.world import World


def lay_out(world: World) -> None:
    """Somebody on the screen, somebody decided of, and one whom nobody of the team may know today."""
    by = viewer(world, "care_coordinator")
    new = actions.NewSeries(
        team=make.team().pk, weekday=make.TODAY.weekday(), at=time(10), minutes=60, starts_on=make.TODAY
    )
    world.ids["series_id"] = actions.begin_series(new=new, by=by).pk
    meeting = Meeting.objects.get(on=make.TODAY)
    own = _item(world, meeting, "own", place=1, readers=OF_THE_TEAM)
    decided = {"state": "discussed", "decision": "come back", "decided_at": make.ago(minutes=5), "decided_by": by.id}
    words = world.markers.word("referred", "words of a decision", "DESK", readers=OF_THE_TEAM)
    _item(world, meeting, "referred", place=2, readers=OF_THE_TEAM, decision_words=words, **decided)
    _item(world, meeting, "unknown", place=3, readers=())
    opened = {"state": "live", "opened_at": make.ago(minutes=10), "opened_by": by.id, "chair": by.id}
    Meeting.objects.filter(pk=meeting.pk).update(on_screen=own, turned_at=make.ago(minutes=10), **opened)
    world.ids |= {"meeting_id": meeting.pk, "item_id": own.pk}


def _item(world: World, meeting: Meeting, key: str, *, place: int, readers: tuple[str, ...], **other) -> MeetingItem:
    by = world.lookers["care_coordinator"].practitioner.pk
    row = MeetingItem.objects.create(
        meeting=meeting,
        team=make.team(),
        person_id=world.people[key].person,
        why="nominated",
        why_words=world.markers.word(key, "reason of bringing", "DESK", readers=readers),
        since=make.TODAY,
        place=place,
        minutes=8,
        data_class="WORK",
        sender=make.organisation("RSB"),
        changed_at=make.ago(minutes=5),
        changed_by=by,
        made_at=make.ago(days=1),
        made_by=by,
        **other,
    )
    said = world.markers.word(key, "said in a meeting", "DESK", readers=readers)
    MeetingEntry.objects.create(item=row, kind="said", words=said, at=make.ago(minutes=6), by=by)
    return row
