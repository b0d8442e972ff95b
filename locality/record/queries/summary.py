"""Everything the person page shows but the timeline, in six queries however many rows there are."""

from datetime import datetime, timedelta

from locality.access.queries import Grant, Involved, involved
from locality.access.rules import RelationKind
from locality.people.queries import doubts
from locality.record.headlines import Topic
from locality.record.queries import identity
from locality.record.queries.allergies import allergies_panel, allergy_alerts
from locality.record.queries.answer import HOME_AGAIN_DAYS, answer_words
from locality.record.queries.connected import connected
from locality.record.queries.contacts import contacts_panel
from locality.record.queries.decisions import decisions_panel
from locality.record.queries.details import contents_of
from locality.record.queries.flags import FLAGGED_ELSEWHERE, flagged_elsewhere
from locality.record.queries.freshness import sources_of
from locality.record.queries.grouping import View
from locality.record.queries.involved import involved_panel
from locality.record.queries.medicines import medicines_panel
from locality.record.queries.next_steps import next_panel
from locality.record.queries.panels import PACKAGE, PROBLEMS, RISKS, Page, by_topic, topic_panel
from locality.record.queries.plans import plans_panel
from locality.record.queries.rows import OF_RESOURCE, Row, read
from locality.record.queries.shapes import Face, Panel, Summary
from locality.record.queries.spoken import about_me_panel, communication_panel, communication_words
from locality.record.queries.trends import POINTS, trends_panel

# the readings of one kind together; of anything else, what one sender says of one fact, apart by whether it is over
RANKED = """
ranked as (
    select *, row_number() over alike as place, count(*) over (partition by topic, kind_of_row) as of
    from (
        select *, case when topic = 'observation' then trend
            else concat_ws('|', group_key, source_id, state = 'past') end as kind_of_row
        from held where {wanted}
    ) kinds
    window alike as (partition by topic, kind_of_row order by happened_at desc nulls last, said_at desc, id)
)
"""
# of the panels' own topics nothing is ever left out; of what is to come, only what is still open
ON_THE_PAGE = """
topic in ('about_me', 'communication', 'alert', 'allergy', 'problem', 'medicine', 'decision', 'contact', 'team', 'plan',
    'goal', 'package')
or topic in ('next', 'referral', 'task') and state <> 'past'
or topic = 'encounter' and (state = 'current' or happened_at >= %s)
or topic = 'observation' and trend <> ''
or type = 'Patient'
"""
ON_THE_BANNER = "topic in ('allergy', 'alert', 'communication') or type = 'Patient'"
# an old decision opens too, and an allergy that was ruled out; a reading, or a problem that is over, is its line
TOLD = f"""
told as (
    select {", ".join(OF_RESOURCE)}, of,
        case when topic = 'observation' or (state = 'past' and topic not in ('allergy', 'decision', 'encounter'))
            then null else content end as content
    from ranked
    where case when topic = 'observation' then place <= {POINTS}
        else state <> 'past' or topic in ('allergy', 'decision', 'encounter') or place = 1 end
)
"""  # noqa: S608 -- only names of columns and a number stand in it


def summary(*, grant: Grant, at: datetime) -> Summary:
    """What the person page shows of the person to whom this grant was given, as of a moment."""
    rows = _rows(grant, ON_THE_PAGE, at - timedelta(days=2 * HOME_AGAIN_DAYS))
    return _told(grant, _page(grant, at, rows), rows)


def face(*, grant: Grant, at: datetime) -> Face:
    """The banner alone, for the pages about one person that are not the person page: four queries."""
    rows = _rows(grant, ON_THE_BANNER)
    page = _page(grant, at, rows)
    panels = _banner_panels(page, by_topic(rows), _patients(rows))
    return _face(grant, page, rows, panels, related=involved(grant), doubted=_doubted(grant, page))


def _page(grant: Grant, at: datetime, rows: list[Row]) -> Page:
    tells_place = identity.tells_place(grant)
    return Page(
        view=View(at=at, looked_before_at=grant.looked_before_at, tells_place=tells_place),
        opening=grant.opening,
        sources=connected(grant),
        contents=contents_of(grant, rows, tells_place=tells_place),
    )


def _told(grant: Grant, page: Page, rows: list[Row]) -> Summary:
    topics, related = by_topic(rows), involved(grant)
    panels = _panels(grant, page, topics, patients=_patients(rows), related=related)
    doubted = _doubted(grant, page)
    return Summary(
        face=_face(grant, page, rows, panels, related=related, doubted=doubted),
        answer=answer_words(
            person=grant.person,
            encounters=topics[Topic.ENCOUNTER],
            contents=page.contents,
            steps=panels["next"],
            at=page.view.at,
        ),
        sources=sources_of(page.sources, at=page.view.at),
        doubts=tuple(doubted),
        differences=tuple(identity.differences(page.sources, tells_place=page.view.tells_place)),
        **panels,
    )


def _panels(
    grant: Grant, page: Page, topics: dict[str, list[Row]], *, patients: list[Row], related: list[Involved]
) -> dict[str, Panel]:
    practice = grant.person.practice_words if page.view.tells_place else ""
    return _banner_panels(page, topics, patients) | {
        "next": next_panel(page, topics),
        "about_me": about_me_panel(page, topics[Topic.ABOUT_ME]),
        "problems": topic_panel(page, PROBLEMS, topics[Topic.PROBLEM], past=("past problem", "past problems")),
        "medicines": medicines_panel(page, topics[Topic.MEDICINE]),
        "decisions": decisions_panel(page, topics[Topic.DECISION]),
        "contacts": contacts_panel(page, rows=topics[Topic.CONTACT], patients=patients),
        "involved": involved_panel(page, rows=topics[Topic.TEAM], related=related, practice=practice),
        "plans": plans_panel(page, plans=topics[Topic.PLAN], goals=topics[Topic.GOAL], tasks=topics[Topic.TASK]),
        "package": topic_panel(page, PACKAGE, topics[Topic.PACKAGE]),
        "observations": trends_panel(page, topics[Topic.OBSERVATION]),
    }


def _patients(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row.type == "Patient"]


def _doubted(grant: Grant, page: Page) -> list[str]:
    known = [doubt.words for doubt in doubts(grant.person)]
    return identity.doubt_words(known, identity.differences(page.sources, tells_place=False))


def _banner_panels(page: Page, topics: dict[str, list[Row]], patients: list[Row]) -> dict[str, Panel]:
    return {
        "communication": communication_panel(page, rows=topics[Topic.COMMUNICATION], patients=patients),
        "allergies": allergies_panel(page, topics[Topic.ALLERGY]),
        "risks": topic_panel(page, RISKS, topics[Topic.ALERT]),
    }


def _face(
    grant: Grant,
    page: Page,
    rows: list[Row],
    panels: dict[str, Panel],
    *,
    related: list[Involved],
    doubted: list[str],
) -> Face:
    allergies = [row for row in rows if row.topic == Topic.ALLERGY]
    alerts = allergy_alerts(panels["allergies"], page, allergies)
    if doubted and flagged_elsewhere(grant=grant, at=page.view.at):
        alerts = [*alerts, FLAGGED_ELSEWHERE]
    return identity.face_of(
        grant,
        communication=communication_words(panels["communication"], page.sources),
        alerts=identity.alert_words(alerts, panels["risks"]),
        team=next((one.name for one in related if one.kind == RelationKind.CASELOAD), ""),
        doubts=doubted,
    )


def _rows(grant: Grant, wanted: str, *params: datetime) -> list[Row]:
    """The rows of every panel: of what is over only the last word of each sender, of a trend its last readings."""
    return read(grant, (RANKED.format(wanted=wanted), params), (TOLD, ()))
