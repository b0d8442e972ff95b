"""The files of a pack and the keys of each; docs/packs.md is written from here."""

from dataclasses import dataclass

from locality.directory.pack.columns import (
    Column,
    code,
    day,
    list_of,
    number,
    one_of,
    opening,
    postcode,
    text,
    whole_number,
    yes_no,
)
from locality.directory.rules import (
    CODE,
    ORGANISATION_CODE,
    RELATION,
    RESOURCE_TYPE,
    USUAL_WAYS,
    WARD_CODE,
    WEEKDAYS,
    AboutKind,
    OrganisationKind,
    ResponsibleBy,
    SiteKind,
    SourceFormat,
)


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of row: in `<name>.toml` as [[singular]] tables, in `<name>.csv` as lines, or in both."""

    name: str
    singular: str
    words: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("code",)  # what names a row of this kind, once


area_code = code(WARD_CODE, "E01005014")
own_code = code(CODE, "early-help (small letters, digits and hyphens)")
organisation_code = code(ORGANISATION_CODE, "RM3 (ODS) or early-help (our own)")

CODE_COLUMN = Column("code", own_code, "its code, used by other files; never changed", required=True)
NAME = Column("name", text, "what people call it", required=True)
ORIGIN = Column("origin", text, "where this row comes from: publication and date", required=True)
VERIFIED = Column("verified", yes_no, "false while nobody has confirmed it", otherwise=True)
STARTS_ON = Column("starts_on", day, "first day; left out when nobody knows it", otherwise=None)
ENDS_ON = Column("ends_on", day, "the first day on which it no longer holds", otherwise=None)
NOTE = Column("note", text, "a remark for people")


def _organisation(name: str, words: str, *, required: bool = True) -> Column:
    return Column(
        name, organisation_code, words, required, otherwise=None if not required else "", names="organisations"
    )


def _names(name: str, section: str, words: str, *, required: bool = False) -> Column:
    return Column(name, own_code, words, required, otherwise=None, names=section)


PLACE = (
    Column("code", own_code, "the same word as the pack's folder", required=True),
    Column("name", text, "the place's name, for the head of every page", required=True),
    Column("tagline", text, "one line under the name"),
    Column("header", text, "the words in the head of every page", required=True),
    Column("default", yes_no, "true for the pack that is loaded when none is named", otherwise=False),
    Column(
        "responsible_team",
        list_of(one_of(ResponsibleBy)),
        "which team is responsible for somebody: the ways that are tried, in order (see below)",
        otherwise=USUAL_WAYS,
    ),
)

SECTIONS = (
    Section(
        "organisations",
        "organisation",
        "Bodies that employ, commission, decide or hold data.",
        (
            Column("code", organisation_code, "its ODS code, or one of our own", required=True),
            NAME,
            Column("short_name", text, "a shorter name for tags and tables; else the name", otherwise=None),
            Column("kind", one_of(OrganisationKind), f"one of: {', '.join(OrganisationKind)}", required=True),
            STARTS_ON,
            ENDS_ON,
            NOTE,
            ORIGIN,
            VERIFIED,
        ),
    ),
    Section(
        "successors",
        "successor",
        "Who took over from whom, in whole or in part.",
        (
            _organisation("from", "the organisation that was followed"),
            _organisation("to", "the one that follows it"),
            Column("on", day, "the first day on which it follows", required=True),
            NOTE,
            ORIGIN,
            VERIFIED,
        ),
        key=("from", "to"),
    ),
    Section(
        "affiliations",
        "affiliation",
        "Who belongs to which partnership, network or board. A practice is in one network at a time.",
        (
            _organisation("member", "the organisation that belongs"),
            _organisation("body", "what it belongs to"),
            Column("role", own_code, "the place's own word: `member`, `accountable-to`, `part-of`", otherwise="member"),
            STARTS_ON,
            ENDS_ON,
            NOTE,
            ORIGIN,
            VERIFIED,
        ),
        key=("member", "body", "role", "starts_on"),
    ),
    Section(
        "sites",
        "site",
        "Buildings. Team hubs are never public.",
        (
            Column("code", organisation_code, "its ODS site code, or one of our own", required=True),
            NAME,
            _organisation("organisation", "whose it is"),
            Column("kind", one_of(SiteKind), f"one of: {', '.join(SiteKind)}", required=True),
            Column("address", text, "without the postcode"),
            Column("postcode", postcode, "its postcode"),
            Column("phone", text, "for people who visit"),
            Column("public", yes_no, "true when people may be sent there", otherwise=False),
            STARTS_ON,
            ENDS_ON,
            ORIGIN,
            VERIFIED,
        ),
    ),
    Section(
        "hours",
        "hours",
        "When a site opens in a usual week; `closed`, or times divided by semicolons; blank while nobody knows.",
        (
            Column("site", organisation_code, "the site", required=True, names="sites"),
            *(Column(weekday, opening, "such as 09:00-13:00;14:00-18:00") for weekday in WEEKDAYS),
            ORIGIN,
            VERIFIED,
        ),
        key=("site",),
    ),
    Section(
        "services",
        "service",
        "What an organisation offers.",
        (
            CODE_COLUMN,
            NAME,
            _organisation("organisation", "who offers it"),
            Column("site", organisation_code, "where, if in one place", otherwise=None, names="sites"),
            Column("kind", own_code, "the place's own word for the kind of service", required=True),
            STARTS_ON,
            ENDS_ON,
            ORIGIN,
            VERIFIED,
        ),
    ),
    Section(
        "neighbourhoods",
        "neighbourhood",
        "The areas that the place is divided into.",
        (CODE_COLUMN, NAME, NOTE, STARTS_ON, ENDS_ON, ORIGIN, VERIFIED),
    ),
    Section(
        "wards",
        "ward",
        "Electoral wards, and the neighbourhood that each lies in.",
        (
            Column("code", code(WARD_CODE, "E05014152"), "its code at the statistics office", required=True),
            NAME,
            _names("neighbourhood", "neighbourhoods", "where it lies"),
            ORIGIN,
            VERIFIED,
        ),
    ),
    Section(
        "areas",
        "area",
        "Small areas of the statistics office (LSOA 2021), of which figures are published.",
        (
            Column("code", area_code, "its code at the statistics office", required=True),
            NAME,
            Column("ward", code(WARD_CODE, "E05014163"), "the ward that it fits best", otherwise=None, names="wards"),
            _names("neighbourhood", "neighbourhoods", "where it lies, when not where its ward lies"),
            ORIGIN,
            VERIFIED,
        ),
    ),
    Section(
        "practices",
        "practice",
        "The neighbourhood that each GP practice's list belongs to; an open practice must have one, with a team.",
        (
            _organisation("practice", "the practice"),
            _names("neighbourhood", "neighbourhoods", "whose team answers for its list", required=True),
            STARTS_ON,
            ENDS_ON,
            ORIGIN,
            VERIFIED,
        ),
        key=("practice", "starts_on"),
    ),
    Section(
        "teams",
        "team",
        "People, often of several employers, who look after people together.",
        (
            CODE_COLUMN,
            NAME,
            Column("kind", own_code, "`neighbourhood`, or the place's own word", required=True),
            _names("neighbourhood", "neighbourhoods", "whose team it is; a neighbourhood team must say"),
            _organisation("lead_organisation", "who leads it"),
            Column("phone", text, "for practitioners"),
            STARTS_ON,
            ENDS_ON,
            ORIGIN,
            VERIFIED,
        ),
    ),
    Section(
        "practitioners",
        "practitioner",
        "People who work with people; real staff never stand in a pack.",
        (
            CODE_COLUMN,
            Column("prefix", text, "title"),
            Column("given", text, "given name", required=True),
            Column("family", text, "family name", required=True),
            Column("profession", text, "what they are", required=True),
            Column("registration", text, "number at their professional body"),
            Column("phone", text, "for practitioners"),
            _organisation("employer", "who employs them", required=False),
            ORIGIN,
        ),
    ),
    Section(
        "memberships",
        "membership",
        "Who works in which team, and for whom.",
        (
            _names("team", "teams", "the team", required=True),
            _names("practitioner", "practitioners", "the practitioner", required=True),
            _organisation("employer", "who employs them for this"),
            Column("post", text, "what they do there", required=True),
            Column("starts_on", day, "first day in the team", required=True),
            ENDS_ON,
        ),
        key=("team", "practitioner", "starts_on"),
    ),
    Section(
        "sources",
        "source",
        "Who sends data, and on what terms.",
        (
            CODE_COLUMN,
            NAME,
            _organisation("organisation", "whose data it is"),
            Column("formats", list_of(one_of(SourceFormat)), f"of: {', '.join(SourceFormat)}", required=True),
            Column("agreement_purpose", text, "what the sharing agreement allows the data to be used for"),
            Column("agreement_starts_on", day, "first day of the agreement", otherwise=None),
            Column("agreement_ends_on", day, "its end: intake stops on this day", otherwise=None),
            Column(
                "sends",
                list_of(code(RESOURCE_TYPE, "AllergyIntolerance (a FHIR resource type)")),
                "what it may send, as FHIR resource types: all else is refused, and nobody sending it is not connected",
                otherwise=(),
            ),
            Column("every_hours", whole_number, "how often; left out for what is sent by hand", otherwise=None),
            Column(
                "asserts",
                list_of(code(RELATION, "registered_practice")),
                "the relationships that it may assert",
                otherwise=(),
            ),
            _names(
                "relates_team",
                "teams",
                "whose caseload its people join; without it, the responsible team's",
            ),
            Column("patient_system", text, "the identifier system of its own patient numbers", required=True),
            Column("mapping", text, "the file that says how its CSV columns are read, inside the pack"),
            Column("connected", yes_no, "true when it really sends", otherwise=False),
            Column("trial", yes_no, "true for files tried by hand and invented people", otherwise=False),
            ORIGIN,
            VERIFIED,
        ),
    ),
    Section(
        "postcodes",
        "postcode",
        "Unit postcodes; may be gzipped (`postcodes.csv.gz`).",
        (
            Column("code", postcode, "the postcode", required=True),
            Column("lsoa", area_code, "its small area (LSOA 2021)", otherwise=None, names="areas"),
            Column("ward", code(WARD_CODE, "E05014163"), "its ward", otherwise=None, names="wards"),
            _names("neighbourhood", "neighbourhoods", "where it lies, when not where its small area (or ward) lies"),
        ),
    ),
    Section(
        "series",
        "series",
        "What one publication counted, and when. Two that differ are two series: neither is corrected by the other.",
        (
            CODE_COLUMN,
            NAME,
            Column("kind", own_code, "the place's own word for those that stand side by side", required=True),
            Column("about_kind", one_of(AboutKind), f"one of: {', '.join(AboutKind)}", required=True),
            Column("unit", text, "people, pence (whole), rank, decile", required=True),
            Column("counts", text, "exactly what is counted, in a sentence", required=True),
            Column("period", text, "when it speaks of, as published: census day 2021, mid-2020", required=True),
            Column("on", day, "the day it speaks of, when the publication says it", otherwise=None),
            Column("adds_up", yes_no, "true when areas may be added up (people); false for ranks", otherwise=False),
            ORIGIN,
            VERIFIED,
        ),
    ),
    Section(
        "figures",
        "figure",
        "The published figures themselves.",
        (
            _names("series", "series", "the series that it belongs to", required=True),
            Column("about", text, "the code of the area, ward, organisation, neighbourhood or place", required=True),
            Column("value", number, "as published", required=True),
        ),
        key=("series", "about"),
    ),
)

# the outlines on the map: GeoJSON, so read by a reader of its own
BOUNDARIES = Section(
    "boundaries",
    "boundary",
    "Outlines for the map: `neighbourhoods.geojson`, `wards.geojson` and `areas.geojson`, each a FeatureCollection in "
    "degrees whose features have the property `code`.",
    (
        Column("about_kind", one_of(AboutKind), "which file it stands in", required=True),
        Column("about", text, "the code of what it bounds", required=True),
        Column("geometry", dict, "a Polygon or MultiPolygon", required=True),
    ),
    key=("about_kind", "about"),
)

BY_NAME = {section.name: section for section in (*SECTIONS, BOUNDARIES)}
