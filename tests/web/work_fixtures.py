"""What teams are doing for Peggy, as her page is given it; and nothing yet, for somebody nobody knows."""

from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from locality.neighbourhoods.queries.beside import AtWork
from locality.neighbourhoods.queries.caseload import OfPerson as OnTheCaseload
from locality.neighbourhoods.queries.families import Close
from locality.neighbourhoods.queries.meetings import SaidOf
from locality.neighbourhoods.queries.notes import Written
from locality.neighbourhoods.queries.plans import OfPerson as Plan
from locality.neighbourhoods.queries.tasks import Listed
from locality.neighbourhoods.rules.caseload import STAGE_WORDS, Stage
from locality.neighbourhoods.rules.families import ContactRole
from locality.neighbourhoods.rules.notes import NoteKind
from locality.neighbourhoods.rules.tasks import Bucket
from locality.record.queries.shapes import Known, Panel
from locality.web.meeting import words
from locality.web.referrals import words as referral_words

TEAM, ONE = UUID(int=11), UUID(int=12)
AT = datetime(2026, 11, 4, 14, 5, tzinfo=ZoneInfo("Europe/London"))
PLACE = OnTheCaseload(
    id=ONE,
    team_id=TEAM,
    team="Radcliffe neighbourhood team",
    phone="0161 496 0101",
    stage=Stage.ACTIVE,
    coordinator="Sadia Rahman",
    review_on=date(2026, 12, 3),
    at_risk="Her daughter cannot go on alone",
)
TASK = Listed(
    id=ONE,
    person=None,
    title="Ring the fitter about the second stair rail",
    words="",
    team_id=TEAM,
    team="Radcliffe neighbourhood team",
    owner_id=ONE,
    owner="Jo Lindley",
    state="requested",
    priority=2,
    from_on=None,
    due_on=date(2026, 11, 3),
    due_time=time(9, 30),
    bucket=Bucket.OVERDUE,
    needs_skill="",
    about="plan",
    about_id=None,
    version=1,
    queued_at=AT,
    made_at=AT,
    ended_at=None,
    not_done_because="",
    outcome="",
    helped="",
    asks_me=False,
)
NOTE = Written(
    thing=ONE,
    version=2,
    kind=NoteKind.VISIT,
    kind_words="Visit",
    happened_at=AT,
    with_whom="her daughter",
    words="Dressing changed, nearly closed. Looked tired; felt giddy when she stood.",
    readings=(("Weight", "51.8 kg"),),
    news2=None,
    fall=(),
    wound=(),
    mood="",
    by=ONE,
    by_name="Jo Lindley",
    corrected_by="Jo Lindley",
    by_organisation="Northern Care Alliance",
    written_at=AT,
    why="The leg was the left one.",
    restricted_why="",
    sensitive=False,
    redacted=False,
    about_another=False,
)
SAID = SaidOf(
    meeting=ONE,
    team="Radcliffe neighbourhood team",
    on=date(2026, 10, 29),
    state="discussed",
    decision="keep",
    decision_words="A carer's assessment first",
    review_on=date(2026, 12, 3),
    by_name="Sadia Rahman",
)
PLAN = Plan(goals="3 goals to work towards", actions="1 action overdue", review="review in 11 days", exists=True)
NOTHING_BETWEEN = {"referrals": [], "supports": [], "classes": [], "corrections": []}
WAYS = {"stages": STAGE_WORDS, "teams": frozenset({TEAM}), "say_meeting": words, "say_referral": referral_words}
AT_WORK = WAYS | {
    "work": AtWork(places=[PLACE], tasks=[TASK], plan=PLAN, meetings=[SAID], notes=[NOTE], **NOTHING_BETWEEN),
    "may_write": True,
    "may_meet": True,
}
NOTHING_YET = WAYS | {
    "work": AtWork(
        places=[],
        tasks=[],
        plan=Plan(goals="", actions="", review="", exists=False),
        meetings=[],
        notes=[],
        **NOTHING_BETWEEN,
    ),
    "may_write": False,
    "may_meet": False,
}
CLOSE = {
    "close": [
        Close(
            thing=ONE,
            version=1,
            name="Ann Lomas",
            relation="daughter",
            phone="07700 900456",
            roles=(ContactRole.CARER,),
            starts_on=None,
            ends_on=None,
            said_by="Peggy herself",
            words="Works nights, ring after two",
            who=None,
            rights=(),
            by_name="Jo Lindley",
            by_organisation="Northern Care Alliance",
            written_at=AT,
            why="",
            redacted=False,
            is_over=False,
        )
    ],
    "sent": Panel(state=Known.NOT_RECORDED),
}
NOBODY_CLOSE = {"close": [], "sent": Panel(state=Known.NOT_RECORDED)}
