"""Tables that lie beside a pack, for measures, for teams, and for making people up; none is loaded."""

from locality.directory.pack.columns import Column, code, count, day, list_of, number, one_of, text
from locality.directory.pack.parts import VERIFIED
from locality.directory.pack.sections import Section
from locality.directory.rules import CODE, ODS_CODE, WARD_CODE, AfterWhat

area_code = code(WARD_CODE, "E01005014")
practice_code = code(ODS_CODE, "P83001")
# what measures (population) need a service to be known as; a pack's own measures may need others
CLASSES = (
    "community",
    "early-psychosis",
    "intermediate-care",
    "mental-health",
    "mental-health-children",
    "rapid-response",
    "talking-therapies",
)

TABLES = (
    Section(
        "registrations",
        "registration",
        "How many people who live in a small area are on a practice's list; both may lie outside the place.",
        (
            Column("practice", practice_code, "the practice's ODS code", required=True),
            Column("lsoa", area_code, "where they live (LSOA 2011); blank while nobody knows"),
            Column("people", count, "how many", required=True),
        ),
        key=("practice", "lsoa"),
    ),
    Section(
        "ages",
        "age",
        "People by small area and single year of age.",
        (
            Column("lsoa", area_code, "where they live", required=True),
            Column("age", count, "in years; 90 is 90 and over", required=True),
            Column("persons", count, "how many", required=True),
        ),
        key=("lsoa", "age"),
    ),
    Section(
        "sexes",
        "sex",
        "People of the whole place by single year of age and sex, to split `ages` by.",
        (
            Column("age", count, "in years; 90 is 90 and over", required=True),
            Column("sex", text, "female or male", required=True),
            Column("persons", count, "how many", required=True),
        ),
        key=("age", "sex"),
    ),
    Section(
        "census",
        "census",
        "Census tables by small area, and by the whole place where that is all there is.",
        (
            Column("area", area_code, "the small area, or the whole place", required=True),
            Column("topic", text, "ethnicity, tenure, household composition", required=True),
            Column("category", text, "as the census names it", required=True),
            Column("count", count, "people or households", required=True),
        ),
        key=("area", "topic", "category"),
    ),
    Section(
        "prevalence",
        "prevalence",
        "How many patients of a practice are on its register of a condition.",
        (
            Column("practice", practice_code, "the practice's ODS code", required=True),
            Column("condition", text, "the register, as QOF abbreviates it", required=True),
            Column("register", count, "how many are on it", required=True),
            Column("list", count, "of how many patients of that age", required=True),
            Column("ages", text, "which ages the list counts: all, 6+, 15+, 17+, 18+", required=True),
            Column("year", text, "the QOF year", required=True),
        ),
        key=("practice", "condition"),
    ),
)

FOR_MEASURES = (
    Section(
        "indicators",
        "indicator",
        "What is published of the whole place over the years, beside the same of the country.",
        (
            Column("indicator", text, "a code for it", required=True),
            Column("name", text, "what it is, in words", required=True),
            Column("area", text, "of the place, or of the country", required=True),
            Column("who", text, "Persons, Female or Male", required=True),
            Column("period", text, "as published: 2017/18, 2021-23", required=True),
            Column("value", number, "the figure", required=True),
            Column("unit", text, "of what", required=True),
            Column("origin", text, "who published it", required=True),
        ),
        key=("indicator", "area", "who", "period"),
    ),
    Section(
        "contact-kinds",
        "contact-kind",
        "What the services' own words for a contact mean, for the measures that ask for a class of service.",
        (
            Column("class", text, f"what measures need: {', '.join(CLASSES)}", required=True),
            Column("kind", text, "the service as its sender names it", required=True),
        ),
        key=("class", "kind"),
    ),
    Section(
        "promises",
        "promise",
        "What the place has promised, beside the measure by which it can be held to it.",
        (
            Column("measure", text, "the measure's id", required=True),
            Column("promise", text, "in the words of who promised it, or close to them", required=True),
            Column("origin", text, "who promised it, where and when", required=True),
        ),
        key=("measure", "promise"),
    ),
    Section(
        "published",
        "published-figure",
        "What is published of the real place, of the same thing as a measure or of something near it.",
        (
            Column("measure", text, "the measure's id", required=True),
            Column("name", text, "what the publisher calls it", required=True),
            Column("period", text, "the year, as it was published", required=True),
            Column("place", number, "the place's figure", required=True),
            Column("region", number, "the figure of the region around it", otherwise=None),
            Column("england", number, "England's", otherwise=None),
            Column("unit", text, "the unit of all three", required=True),
            Column("apart", text, "in what it differs from the measure; blank where it is the same"),
            Column("origin", text, "who published it", required=True),
        ),
        key=("measure", "name", "period"),
    ),
)

FOR_TEAMS = (
    Section(
        "offers",
        "offer",
        "Whom teams are offered after something happened to them whom no team looks after: a team decides of each.",
        (
            Column("after", one_of(AfterWhat), f"what happened: {' or '.join(AfterWhat)}", required=True),
            Column("least_age", count, "offered from this age on, in years", required=True),
            Column("within_days", count, "not if it happened longer ago than so many days", required=True),
            Column("origin", text, "who decided this, where and when", required=True),
            VERIFIED,
        ),
        key=("after",),
    ),
    # what the pages for everybody answer first
    Section(
        "urgent-words",
        "urgent-word",
        "Words with which somebody who looks for help is first told whom to ring now; what is found comes after.",
        (
            Column("code", code(CODE, "is-hurt"), "a short name", required=True),
            Column("said_as", list_of(text), "the words, as people type them: scared of him", required=True),
            Column("origin", text, "who decided this, where and when", required=True),
            VERIFIED,
        ),
        key=("code",),
    ),
    # what leaves (neighbourhoods, the outbox)
    Section(
        "messages",
        "message",
        "What people write most to those whom they look after, to practices and to services: {fields} and [gaps].",
        (
            Column("code", code(CODE, "visit"), "a short name", required=True),
            Column("name", text, "what it is for, as it stands in the list to choose from", required=True),
            Column("to", list_of(text), "for whom: person, proxy, practice, service, organisation", required=True),
            Column("subject", text, "its subject", required=True),
            Column("body", text, "its words: {fields} are filled from the record, [gaps] by the writer", required=True),
            Column("origin", text, "who agreed to these words, and when", required=True),
            VERIFIED,
        ),
        key=("code",),
    ),
    Section(
        "secure-mail",
        "domain",
        "Mail domains to which what is said of somebody may go whole; to all others goes a line to sign in and read.",
        (
            Column("domain", text, "the part after the @", required=True),
            Column("origin", text, "who says that it is secure", required=True),
            VERIFIED,
        ),
        key=("domain",),
    ),
    Section(
        "referral-clocks",
        "referral-clock",
        "Within how many hours of work a referral is answered.",
        (
            Column("urgency", text, "urgent, soon or routine", required=True),
            Column("hours", count, "so many hours of work: 9 to 5, Monday to Friday", required=True),
            Column("origin", text, "who decided this, where and when", required=True),
            VERIFIED,
        ),
        key=("urgency",),
    ),
    Section(
        "bank-holidays",
        "bank-holiday",
        "Days on which nobody is at work: they count for no clock in working time, usual hours do not hold on them, "
        "and classes are not held unless somebody says so.",
        (
            Column("on", day, "the day", required=True),
            Column("name", text, "what it is called", required=True),
            Column("origin", text, "who says so", required=True),
            VERIFIED,
        ),
        key=("on",),
    ),
)

TABLE_BY_NAME = {table.name: table for table in (*TABLES, *FOR_MEASURES, *FOR_TEAMS)}
