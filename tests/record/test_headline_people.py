"""The person's own columns, how to speak with them, and those close to them."""

from datetime import date

import pytest

from locality.record.headlines import (
    Contact,
    State,
    Topic,
    communication_lines,
    detail,
    headline,
    patient_columns,
    patient_contacts,
)

UK = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-"


def patient(**more) -> dict:
    return {"resourceType": "Patient", "id": "1", **more}


def name(family: str, *given: str, **more) -> dict:
    return {"family": family, "given": list(given), **more}


def test_a_whole_patient_is_read():
    columns = patient_columns(
        patient(
            identifier=[
                {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018", "use": "official"},
                {"system": "x"},
            ],
            name=[
                name("Hargreaves", "Margaret", "Ann", use="official", prefix=["Mrs"]),
                name("", "Peggy", use="nickname"),
            ],
            telecom=[
                {"system": "phone", "value": "0161 000 0000", "use": "home"},
                {"system": "email", "value": "p@x.example"},
            ],
            gender="female",
            birthDate="1942-05-06",
            address=[{"use": "home", "line": ["1 Mill Lane", ""], "city": "Radcliffe", "postalCode": "m26 1aa"}],
            generalPractitioner=[{"identifier": {"value": "P83001"}, "display": "The Surgery"}],
            active=True,
            link=[{"type": "replaced-by", "other": {"reference": "Patient/2"}}],
        )
    )

    assert (columns.family, columns.given, columns.prefix, columns.likes) == (
        "Hargreaves",
        "Margaret Ann",
        "Mrs",
        "Peggy",
    )
    assert (columns.birth_on, columns.birth_text, columns.sex) == (date(1942, 5, 6), "1942-05-06", "female")
    assert (columns.address_lines, columns.postcode, columns.address_use) == (
        ["1 Mill Lane", "Radcliffe"],
        "M26 1AA",
        "home",
    )
    assert (columns.phone, columns.email) == ("0161 000 0000", "p@x.example")
    assert columns.identifiers == [("https://fhir.nhs.uk/Id/nhs-number", "9990000018", "official")]
    assert (columns.practice, columns.practice_words) == ("P83001", "The Surgery")
    assert (columns.died, columns.protected, columns.interpreter, columns.active) == (False, False, False, True)
    assert columns.links == [("replaced-by", "Patient/2")]


def test_an_empty_patient_is_read_too():
    columns = patient_columns(patient())

    assert (columns.family, columns.birth_on, columns.sex, columns.active) == ("", None, "", True)
    assert headline(patient()).title == "Name not given"


@pytest.mark.parametrize(
    ("names", "family", "former"),
    [
        ([name("Old", use="old"), name("New", use="official")], "New", ["Old"]),
        ([name("Usual", use="usual"), name("Official", use="official")], "Official", []),
        ([name("Maiden", use="maiden"), name("Plain")], "Plain", ["Maiden"]),
        ([name("Only", use="old")], "Only", []),
        ([name("Gone", use="official", period={"end": "2020-01-01"}), name("Now", use="usual")], "Now", ["Gone"]),
        ([name("Ended", use="usual", period={"end": "2021-12-31"})], "Ended", []),
        ([{"text": "WARD, Amy"}], "WARD", []),
        ([{"text": "Amy Ward"}], "Ward", []),
        ([{}], "", []),
    ],
)
def test_the_official_name_that_holds_is_shown_and_the_others_are_former(names, family, former):
    columns = patient_columns(patient(name=names))

    assert (columns.family, columns.former_names) == (family, former)


def test_with_a_day_a_name_and_address_hold_until_their_last_day():
    ends_today = {"period": {"end": "2026-11-21"}}
    resource = patient(
        name=[name("Now", use="official", **ends_today), name("Next", use="usual")],
        address=[{"line": ["Here"], **ends_today}],
        telecom=[{"system": "phone", "value": "1", **ends_today}],
    )

    today, tomorrow = (patient_columns(resource, on=date(2026, 11, day)) for day in (21, 22))

    assert (today.family, today.address_lines, today.phone) == ("Now", ["Here"], "1")
    assert (tomorrow.family, tomorrow.address_lines, tomorrow.phone) == ("Next", [], "")


def test_a_usual_name_other_than_the_official_is_the_one_they_like():
    names = [name("Smith", "Robert", use="official"), name("Smith", "Bob", use="usual")]

    assert patient_columns(patient(name=names)).likes == "Bob"
    assert patient_columns(patient(name=[names[0], {**names[0], "use": "usual"}])).likes == ""


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("bl90st", "BL9 0ST"),
        (" M1 1AA ", "M1 1AA"),
        ("sw1a  2aa", "SW1A 2AA"),
        ("02139", "02139"),
        ("1011 AB", "1011 AB"),
        ("", ""),
    ],
)
def test_postcodes_are_written_as_the_royal_mail_does_and_foreign_ones_as_sent(sent, shown):
    assert patient_columns(patient(address=[{"postalCode": sent}])).postcode == shown


def test_the_home_address_comes_before_any_other_and_an_old_one_never_shows():
    home, work, old = ({"use": use, "line": [use]} for use in ("home", "work", "old"))

    assert patient_columns(patient(address=[work, old, home])).address_lines == ["home"]
    assert patient_columns(patient(address=[old])).address_lines == []


def test_an_address_sent_as_one_text_is_cut_into_lines():
    assert patient_columns(patient(address=[{"text": "1 Mill Lane,\nRadcliffe"}])).address_lines == [
        "1 Mill Lane",
        "Radcliffe",
    ]


def labelled(code: str) -> dict:
    system = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
    return {"meta": {"security": [{"system": system, "code": code}]}}


@pytest.mark.parametrize(
    ("more", "protected"),
    [
        ({}, False),
        (labelled("R"), True),
        (labelled("V"), True),
        (labelled("U"), False),
        ({"extension": [{"url": "https://x.example/protected-address", "valueBoolean": True}]}, True),
        ({"extension": [{"url": "https://x.example/protected-address", "valueBoolean": False}]}, False),
        ({"address": [{"extension": [{"url": "https://x.example/Sensitive", "valueBoolean": True}]}]}, True),
    ],
)
def test_a_protected_person_is_known_as_such(more, protected):
    assert patient_columns(patient(**more)).protected is protected


def died(code: str) -> dict:
    status = {"url": "deathNotificationStatus", "valueCodeableConcept": {"coding": [{"code": code}]}}
    when = {"url": "systemEffectiveDate", "valueDateTime": "2026-10-01T00:00:00+01:00"}
    return {"extension": [{"url": f"{UK}DeathNotificationStatus", "extension": [status, when]}]}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"deceasedDateTime": "2026-10-01T10:00:00Z"}, (True, date(2026, 10, 1))),
        ({"deceasedDateTime": "2026-10"}, (True, None)),
        ({"deceasedBoolean": True}, (True, None)),
        ({"deceasedBoolean": False, **died("2")}, (False, None)),
        (died("2"), (True, date(2026, 10, 1))),
        (died("1"), (True, date(2026, 10, 1))),
        (died("U"), (False, None)),
        ({}, (False, None)),
    ],
)
def test_a_death_is_read_from_the_patient_or_from_its_notification(more, expected):
    columns = patient_columns(patient(**more))

    assert (columns.died, columns.died_on) == expected


def test_a_birth_date_in_part_is_kept_as_sent():
    columns = patient_columns(patient(birthDate="1942-05"))

    assert (columns.birth_on, columns.birth_text) == (None, "1942-05")


def nhs_communication(language: str, **more: bool) -> dict:
    said = [{"url": "language", "valueCodeableConcept": {"coding": [{"code": language}]}}]
    said += [{"url": url, "valueBoolean": value} for url, value in more.items()]
    return {"extension": [{"url": f"{UK}NHSCommunication", "extension": said}]}


def test_the_preferred_language_and_the_interpreter_are_read():
    spoken = [{"language": {"text": "English"}}, {"language": {"coding": [{"code": "ur"}]}, "preferred": True}]
    needs = {
        "extension": [
            {"url": "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired", "valueBoolean": True}
        ]
    }

    columns = patient_columns(patient(communication=spoken, **needs))

    assert (columns.language, columns.interpreter) == ("Urdu", True)
    assert communication_lines(patient(communication=spoken, **needs)) == [
        "Language: Urdu (preferred)",
        "Needs an interpreter",
    ]


def test_a_language_spoken_with_an_interpreter_as_the_national_index_sends_it():
    resource = patient(**nhs_communication("pl", interpreterRequired=True))

    assert (patient_columns(resource).language, patient_columns(resource).interpreter) == ("Polish", True)
    assert patient_columns(patient(**nhs_communication("pl", interpreterRequired=False))).interpreter is False


def test_formats_and_ways_of_contact_are_lines_of_their_own():
    wants = {
        "url": f"{UK}ContactPreference",
        "extension": [
            {"url": "PreferredWrittenCommunicationFormat", "valueCodeableConcept": {"text": "Large print"}},
            {"url": "PreferredContactMethod", "valueCodeableConcept": {"text": "Letter"}},
            {"url": "PreferredContactTimes", "valueString": "Not after 7pm"},
        ],
    }

    lines = communication_lines(patient(extension=[wants]))

    assert lines == ["Write to them in large print", "Reach them by letter", "Best time: not after 7pm"]


def test_several_codes_of_one_language_are_each_told_and_english_alone_is_not():
    signs = {"language": {"coding": [{"code": "bfi"}, {"code": "x", "display": "Makaton"}]}}

    assert communication_lines(patient(communication=[signs])) == ["Language: British Sign Language, Makaton"]
    assert communication_lines(patient(communication=[{"language": {"coding": [{"code": "en"}]}}])) == []


def related(*roles: dict, **more) -> dict:
    return {"resourceType": "RelatedPerson", "patient": {"reference": "Patient/1"}, "relationship": list(roles), **more}


def role(code: str, system: str = "http://terminology.hl7.org/CodeSystem/v3-RoleCode", display: str = "") -> dict:
    return {"coding": [{"code": code, "system": system, "display": display}]}


UK_ROLES = "https://fhir.hl7.org.uk/CodeSystem/UKCore-AdditionalPersonRelationshipRole"
V2 = "http://terminology.hl7.org/CodeSystem/v2-0131"


def test_a_daughter_who_is_next_of_kin_carer_and_key_holder():
    resource = related(
        role("DAU"), role("N", V2), {"text": "Carer"}, {"text": "Key holder"},
        name=[{"given": ["Ann"], "family": "Hargreaves"}], telecom=[{"system": "phone", "value": "07700 900001"}],
    )  # fmt: skip

    assert detail(resource).contact == Contact(
        name="Ann Hargreaves",
        relationship="daughter, next of kin, carer, key holder",
        phone="07700 900001",
        is_carer=True,
        is_next_of_kin=True,
        is_key_holder=True,
        is_emergency=False,
    )
    line = headline(resource)
    assert (line.topic, line.title, line.data_class) == (Topic.CONTACT, "Ann Hargreaves", "SUM")
    assert line.value == "daughter, next of kin, carer, key holder, 07700 900001"


@pytest.mark.parametrize(
    ("relationship", "flags"),
    [
        (role("C", V2, "Emergency Contact"), (False, False, False, True)),
        (role("N", V2), (False, True, False, False)),
        (role("Carer", UK_ROLES), (True, False, False, False)),
        (role("184142008", "http://snomed.info/sct", "Next of kin"), (False, True, False, False)),
        ({"text": "Neighbour, holds a key"}, (False, False, True, False)),
        ({"text": "Keyholder"}, (False, False, True, False)),
        ({"text": "Career adviser"}, (False, False, False, False)),
        (role("WIFE"), (False, False, False, False)),
    ],
)
def test_what_somebody_is_to_the_person_is_read_from_codes_and_words(relationship, flags):
    contact = detail(related(relationship)).contact

    assert (contact.is_carer, contact.is_next_of_kin, contact.is_key_holder, contact.is_emergency) == flags


def test_a_contact_who_is_no_longer_one_is_past():
    assert headline(related(role("WIFE"), active=False)).state is State.PAST
    assert headline(related(role("WIFE"))).state is State.CURRENT


def test_the_contacts_written_in_a_patient_are_read_alike():
    kin = {"relationship": [role("N", V2)], "name": {"given": ["Leo"], "family": "Ward"}}

    contacts = patient_contacts(patient(contact=[kin, {"relationship": [role("C", V2)]}]))

    assert [(one.name, one.is_next_of_kin) for one in contacts] == [("Leo Ward", True)]


def test_the_same_contact_from_two_senders_is_one_fact():
    once = related(role("DAU"), name=[{"given": ["Ann"], "family": "Hargreaves"}])
    again = related({"text": "daughter"}, name=[{"text": "ANN HARGREAVES"}], period={"start": "2020"})

    assert headline(once).group_key == headline(again).group_key
