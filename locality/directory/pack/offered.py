"""What a pack may say of a service; what it leaves out may be written down here later, and is then left alone."""

from collections.abc import Iterator

from locality.directory.pack.columns import Column, count, list_of, one_of, text, yes_no
from locality.directory.pack.parts import (
    CODE_COLUMN,
    ENDS_ON,
    NAME,
    ORIGIN,
    STARTS_ON,
    VERIFIED,
    Section,
    organisation,
    organisation_code,
    own_code,
)
from locality.directory.pack.rows import Row
from locality.directory.rules.services import Access

SERVICES = Section(
    "services",
    "service",
    "What an organisation offers. What is changed of it on the pages is kept, whatever the pack says later.",
    (
        CODE_COLUMN,
        NAME,
        organisation("organisation", "who offers it"),
        Column("site", organisation_code, "where, if in one place", otherwise=None, names="sites"),
        Column("kind", own_code, "the place's own word for the kind of service", required=True),
        Column("description", text, "what it does, in a sentence or two"),
        Column("who_for", text, "whom it is for"),
        Column("how_to", text, "how to get it"),
        Column("needs", list_of(own_code), "what it helps with: codes of needs", otherwise=()),
        Column("access", list_of(one_of(Access)), f"of: {', '.join(Access)}", otherwise=()),
        Column("min_age", count, "from this age on", otherwise=None),
        Column("max_age", count, "up to this age", otherwise=None),
        Column("free", yes_no, "true when it costs nothing; left out while nobody knows", otherwise=None),
        Column("cost", text, "what it costs, in words"),
        Column("url", text, "its own page"),
        Column("email", text, "of the service, never of one person"),
        Column("phone", text, "of the service, never of one person"),
        Column("public", yes_no, "true when the public may be told of it", otherwise=False),
        Column("takes_referrals", yes_no, "true when others may refer to it", otherwise=False),
        STARTS_ON,
        ENDS_ON,
        ORIGIN,
        VERIFIED,
    ),
)


def offered_faults(sections: dict[str, list[Row]]) -> Iterator[str]:
    """Services that help with what is no need of the place, or whose ages are the wrong way round."""
    known = {row.values["code"] for row in sections["needs"]}
    for row in sections["services"]:
        unknown = sorted(set(row.values["needs"]) - known)
        if unknown:
            yield row.fault(f"'needs' names {', '.join(unknown)}, which no row of needs has", key="needs")
        least, most = row.values["min_age"], row.values["max_age"]
        if least is not None and most is not None and most < least:
            yield row.fault("'max_age' is below 'min_age'", key="max_age")
