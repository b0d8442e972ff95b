"""What somebody sealed, and whose sharing they object to, asked of each row of a list: written as SQL once.

Every list of a team's work asks both, and for the ORM to build and write them anew took longer than to ask them.
"""

from datetime import date
from typing import Any

from django.db.models import BooleanField, F, Func, Q

HOLDS = "{0}.starts_on <= %s and ({0}.ends_on is null or {0}.ends_on > %s)"
SEALED = f"""
exists (select from access_personseal own where own.thing = {{0}} and {HOLDS.format("own")})
"""
SHARING = f"told.kind = 'sharing' and {HOLDS.format('told')}"
OF_SENDER = "(told.organisation_id is null or told.organisation_id = {1})"
UNDER_ALIAS = "access_objection told join people_person whose on whose.id = told.person_id"
# few objected before they were merged, and they are found once: of each row in turn it took a list seconds
OBJECTS = f"""
(exists (select from access_objection told where told.person_id = {{0}} and {OF_SENDER} and {SHARING})
or {{0}} in (select whose.merged_into_id from {UNDER_ALIAS} where whose.merged_into_id is not null and {SHARING})
and exists (select from {UNDER_ALIAS} where whose.merged_into_id = {{0}} and {OF_SENDER} and {SHARING}))
"""  # noqa: S608 -- only the words above stand in it


def sealed(on: date, thing: F) -> Q:
    """Whether somebody sealed this row themselves."""
    return Q(_Asked(thing, sql=SEALED, on=on))


def objects(on: date, *, whose: F, sender: F) -> Q:
    """Whether somebody, under whatever record, objects to the sharing of what this sender sent."""
    return Q(_Asked(whose, sender, sql=OBJECTS, on=on))


class _Asked(Func):
    """A condition on columns of the row; it holds on a day, and of other values there are none in it."""

    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any, **told: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        columns = [compiler.compile(one)[0] for one in self.get_source_expressions()]
        sql = self.extra["sql"].format(*columns)
        return sql, [self.extra["on"]] * sql.count("%s")
