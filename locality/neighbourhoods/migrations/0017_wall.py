"""The database's own wall before what is asked of others, sent, offered and put right (docs/decisions/0016).

Such work stands on lists of many people at once. Hence a page is shown what its viewer's own teams, or their
organisation as a whole, sent or received, in the classes that their role opens of its own people; of anybody else
whom it opened, as elsewhere; and to whoever signs in for themselves what was written to them and what they asked.
"""

from django.db import migrations

DOWN = "(select current_setting('locality.wall', true)) = 'down'"
THEMSELVES = "any((select nullif(current_setting('locality.themselves', true), ''))::uuid[])"
TEAMS = "any((select nullif(current_setting('locality.teams', true), ''))::uuid[])"
EMPLOYER = "(select nullif(current_setting('locality.organisation', true), '')::uuid)"
OPENED = """
    person_id = any((select nullif(current_setting('locality.people', true), ''))::uuid[])
    and data_class = any((select nullif(current_setting('locality.classes', true), ''))::text[])
"""
CLASSES = "data_class = any((select nullif(current_setting('locality.own', true), ''))::text[])"
SENT = f"team_id = {TEAMS} or (team_id is null and sender_id = {EMPLOYER})"
RECEIVED = f"to_team_id = {TEAMS} or (to_team_id is null and to_organisation_id = {EMPLOYER})"
ASKED = f"team_id = {TEAMS} or (team_id is null and to_organisation_id = {EMPLOYER})"
OF_TEAM = f"course_id in (select course.id from neighbourhoods_course course where course.team_id = {TEAMS})"

# which rows are the viewer's own, as the lists have it (queries/seen.py); and theirs who sign in for themselves
OWN = {
    "message": (SENT, f"to_kind in ('person', 'proxy') and to_id = {THEMSELVES}"),
    "referral": (f"{SENT} or {RECEIVED}", ""),
    "correction": (ASKED, f"asked_by = {THEMSELVES}"),
    "support": (f"team_id = {TEAMS}", ""),
    "courseplace": (OF_TEAM, ""),
}
# what hangs on one of these is shown with it
WITH = {
    "messagehistory": "message",
    "referralhistory": "referral",
    "referrallink": "referral",
    "correctionhistory": "correction",
    "supportneed": "support",
    "supportoffer": "support",
    "supportcontact": "support",
    "wellbeing": "support",
    "supporthistory": "support",
    "courseplacehistory": "place",
    "courseattendance": "place",
    "coursemeasure": "place",
}
TABLES = {"place": "courseplace"}


def _behind(table: str, **which: str) -> str:
    made = "".join(
        f"create policy {name} on neighbourhoods_{table} using ({told});\n" for name, told in which.items() if told
    )
    return f"""{made}
alter table neighbourhoods_{table} enable row level security;
alter table neighbourhoods_{table} force row level security;
"""


def _open(table: str, *names: str) -> str:
    dropped = "".join(f"drop policy {name} on neighbourhoods_{table};\n" for name in names)
    return f"""
alter table neighbourhoods_{table} no force row level security;
alter table neighbourhoods_{table} disable row level security;
{dropped}"""


def _follows(column: str) -> str:
    """Asked first whether the wall is down: work on all of it is spared asking it of each row."""
    parent = TABLES.get(column, column)
    return f"{DOWN} or exists (select from neighbourhoods_{parent} one where one.id = {column}_id)"


FORWARD = "".join(
    _behind(table, works=DOWN, opened=OPENED, own=f"({own}) and {CLASSES}", theirs=theirs)
    for table, (own, theirs) in OWN.items()
)
FORWARD += "".join(_behind(table, follows=_follows(column)) for table, column in WITH.items())
# a message as another system sent it, which may say anything of anybody, is nobody's of a team
FORWARD += _behind("referralreceived", works=DOWN)
BACKWARD = _open("referralreceived", "works")
BACKWARD += "".join(_open(table, "follows") for table in WITH)
BACKWARD += "".join(
    _open(table, "works", "opened", "own", *(["theirs"] if theirs else [])) for table, (_, theirs) in OWN.items()
)


class Migration(migrations.Migration):
    dependencies = [("neighbourhoods", "0016_referral_of_a_support")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
