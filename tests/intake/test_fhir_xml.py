import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from locality.record.intake.entry import Entry, Unreadable
from locality.record.intake.fhir_xml import entries, to_json
from locality.record.intake.strict import NotStrict
from locality.record.intake.structure import check

from .examples import files

FHIR = "http://hl7.org/fhir"
NS = f' xmlns="{FHIR}"'


def read(text: str) -> dict:
    return json.loads(to_json(text.encode()), parse_float=str)


def test_a_patient_in_xml_becomes_the_same_patient_in_json():
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
    <!-- from the practice -->
    <Patient{NS} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://hl7.org/fhir p.xsd">
      <id value="betty"/>
      <text>
        <status value="generated"/>
        <div xmlns="http://www.w3.org/1999/xhtml"><p>Betty<br/>&lt;Marsh&gt; <!-- hidden --></p></div>
      </text>
      <contained><Organization><id value="gp"/></Organization></contained>
      <extension url="urn:weight"><valueDecimal value="72.500"/></extension>
      <active value="true"/>
      <name id="n1"><given value="Betty"/><given><extension url="urn:unknown"/></given></name>
      <birthDate id="b" value="1942-03-01"><extension url="urn:t"><valueTime value="10:00:00"/></extension></birthDate>
      <multipleBirthInteger value="2"/>
    </Patient>"""

    assert read(text) == {
        "resourceType": "Patient",
        "id": "betty",
        "text": {
            "status": "generated",
            "div": '<div xmlns="http://www.w3.org/1999/xhtml"><p>Betty<br/>&lt;Marsh&gt; </p></div>',
        },
        "contained": [{"resourceType": "Organization", "id": "gp"}],
        "extension": [{"url": "urn:weight", "valueDecimal": "72.500"}],
        "active": True,
        "name": [{"id": "n1", "given": ["Betty", None], "_given": [None, {"extension": [{"url": "urn:unknown"}]}]}],
        "birthDate": "1942-03-01",
        "_birthDate": {"id": "b", "extension": [{"url": "urn:t", "valueTime": "10:00:00"}]},
        "multipleBirthInteger": 2,
    }


def test_every_uk_core_example_is_read_and_sound_but_for_those_named_here():
    found = [one for name, content in files("ukcore/examples").items() for one in entries(name, content)]

    assert len(files("ukcore/examples")) == 215
    assert len(found) == 229
    assert [(one.place, one.reason) for one in found if isinstance(one, Unreadable)] == [
        *(
            (
                f"UKCore-Bundle-Batch-Example.xml entry {number}",
                "The entry's request neither sends nor deletes anything: only PUT, POST and DELETE are received.",
            )
            for number in (1, 2, 3)
        ),
        ("UKCore-Bundle-Sn-NoAllergyData-Example.xml", "The Bundle has no entries, so it holds nothing to keep."),
    ]
    assert [(one.place, wrong) for one in found if isinstance(one, Entry) for wrong in check(one.content)[1]] == [
        (
            "Extension-UKCore-ConditionEpisode-Example.xml",
            "Condition.extension[0].value[x] is given more than once, as valueCode and valueCodeableConcept.",
        )
    ]


def test_every_example_of_hl7_written_as_xml_comes_back_as_the_json_it_was():
    examples = files("fhir_r4_examples/instances") | files("fhir_r4_examples/bundles")

    differ = []
    for name, content in examples.items():
        sent = json.loads(content, parse_float=str)
        came = json.loads(to_json(etree.tostring(as_xml(sent), encoding="utf-8")), parse_float=str)
        differ += [] if narratives_alike(came) == narratives_alike(sent) else [name]

    assert len(examples) == 700
    assert differ == []


def as_xml(resource: dict) -> etree._Element:
    """FHIR JSON as FHIR XML, written from the rules of the standard and without our table."""
    root = etree.Element(f"{{{FHIR}}}{resource['resourceType']}")
    write(root, {name: value for name, value in resource.items() if name != "resourceType"}, is_resource=True)
    return root


def write(parent: etree._Element, members: dict, *, is_resource: bool = False) -> None:
    extension = etree.QName(parent).localname in ("extension", "modifierExtension")
    for name in dict.fromkeys(name.removeprefix("_") for name in members):
        value, sibling = members.get(name), members.get(f"_{name}")
        if (name == "id" and not is_resource) or (name == "url" and extension):
            parent.set(name, value)
            continue
        values = value if isinstance(value, list) else [value]
        siblings = sibling if isinstance(sibling, list) else [sibling]
        for number in range(max(len(values), len(siblings))):
            one = values[number] if number < len(values) else None
            write_one(parent, name, one, siblings[number] if number < len(siblings) else None)


def write_one(parent: etree._Element, name: str, value: object, sibling: dict | None) -> None:
    if name == "div":
        parent.append(etree.fromstring(value))
        return
    element = etree.SubElement(parent, f"{{{FHIR}}}{name}")
    if isinstance(value, dict) and "resourceType" in value:
        element.append(as_xml(value))
    elif isinstance(value, dict):
        write(element, value)
    elif value is not None:
        element.set("value", {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value))
    if sibling:
        write(element, sibling)


def narratives_alike(node: object) -> object:
    """The same with each narrative in one canonical form of XML."""
    if isinstance(node, list):
        return [narratives_alike(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {
        name: etree.canonicalize(value) if name == "div" else narratives_alike(value) for name, value in node.items()
    }


@settings(deadline=None)
@given(
    st.decimals(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1),
)
def test_a_number_keeps_its_digits_and_a_text_its_characters(number, text):
    written = f"{number:f}"
    observation = {
        "resourceType": "Observation",
        "valueQuantity": {"value": written, "unit": text},
        "note": [{"text": text}],
    }

    came = json.loads(to_json(etree.tostring(as_xml(observation))), parse_float=str, parse_int=str)

    assert came == observation


def test_a_bundle_in_xml_is_opened_and_one_bad_entry_is_refused_alone():
    content = f"""<Bundle{NS}><type value="history"/>
      <entry><request><method value="DELETE"/><url value="Patient/1"/></request></entry>
      <entry><resource><Foo/></resource></entry>
      <entry><fullUrl value="urn:uuid:1"/><resource><Patient><id value="1"/></Patient></resource>
        <request><method value="PUT"/><url value="Patient/1"/></request></entry>
    </Bundle>""".encode()

    assert list(entries("gp.xml", content)) == [
        Entry(
            "gp.xml entry 3",
            b'{"resourceType":"Patient","id":"1"}',
            full_url="urn:uuid:1",
            verb="PUT",
            url="Patient/1",
            sent=content,
        ),
        Unreadable(
            "gp.xml entry 2",
            f"<entry{NS}><resource><Foo/></resource></entry>".encode(),
            "The resource type Foo is not one of FHIR R4.",
        ),
        Entry(
            "gp.xml entry 1",
            b'{"request":{"method":"DELETE","url":"Patient/1"}}',
            verb="DELETE",
            url="Patient/1",
            sent=content,
        ),
    ]


def test_a_bundle_in_xml_of_50_000_entries_is_read():
    part = '<entry><resource><Patient><id value="%d"/><name><family value="Marsh"/></name></Patient></resource></entry>'
    content = f"<Bundle{NS}>{''.join(part % number for number in range(50_000))}</Bundle>".encode()

    assert sum(isinstance(one, Entry) for one in entries("all.xml", content)) == 50_000


LAUGHS = "".join(f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 10))
DTD = "The XML has a DOCTYPE (a DTD), which FHIR does not allow."
ENTITY = "The XML uses an entity, which FHIR does not allow"
CUT = "The XML stops in the middle: it was cut short"
DEEP = "The XML is nested too deep"

REFUSED = {
    "nothing": (b"", "It is empty."),
    "a billion laughs": (
        f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><Patient{NS}><id value="&l9;"/></Patient>'.encode(),
        DTD,
    ),
    "a file from outside": (
        f'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Patient{NS}><id value="&x;"/></Patient>'.encode(),
        DTD,
    ),
    "a DTD from outside": (f'<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><Patient{NS}/>'.encode(), DTD),
    "a DTD in another encoding": (
        f'<?xml version="1.0" encoding="UTF-7"?><Patient{NS}/>'.encode(),
        "The XML names an encoding that is not read; FHIR must be UTF-8.",
    ),
    "UTF-16": (f"<Patient{NS}/>".encode("utf-16"), "The text is UTF-16 or UTF-32; FHIR must be UTF-8."),
    "an entity of HTML": (f'<Patient{NS}><id value="&nbsp;"/></Patient>'.encode(), f"{ENTITY} (line 1 column 55)."),
    "cut short": (f"<Patient{NS}>\n<name".encode(), f"{CUT} (line 2 column 6)."),
    "cut short between": (f"<Patient{NS}>\n<name>".encode(), f"{CUT} (line 2 column 7)."),
    "ends that do not match": (f"<Patient{NS}><name></Patient>".encode(), "The XML is broken (line 1 column 54)."),
    "100,000 levels": (f"<Patient{NS}>".encode() + b"<contact>" * 100_000, f"{DEEP} (line 1 column 2341)."),
    "not UTF-8": (
        f'<Patient{NS}><id value="café"/></Patient>'.encode("latin-1"),
        "The text is not in the encoding it says (UTF-8 when it says none) (line 1 column 52).",
    ),
    "no namespace": (b"<Patient/>", "The XML is not in FHIR's namespace (http://hl7.org/fhir)."),
    "a CDA document": (b'<ClinicalDocument xmlns="urn:hl7-org:v3"/>', "This is a CDA document, not FHIR R4."),
    "an unknown type": (f"<Foo{NS}/>".encode(), "The resource type Foo is not one of FHIR R4."),
    "an unknown element": (f'<Patient{NS}><nhs value="1"/></Patient>'.encode(), "Patient.nhs is not in FHIR R4."),
    "an unknown attribute": (
        f'<Patient{NS}><gender val="male"/></Patient>'.encode(),
        "Patient.gender has an attribute that FHIR R4 does not.",
    ),
    "an element from elsewhere": (
        f'<Patient{NS}><a xmlns="urn:b"/></Patient>'.encode(),
        "Patient holds an element outside FHIR's namespace (http://hl7.org/fhir).",
    ),
    "bare text": (
        f"<Patient{NS}><gender>male</gender></Patient>".encode(),
        'Patient.gender holds bare text; FHIR XML writes values as value="...".',
    ),
    "text between": (
        f'<Patient{NS}><id value="1"/>Betty</Patient>'.encode(),
        'Patient holds bare text; FHIR XML writes values as value="...".',
    ),
    "an empty element": (f"<Patient{NS}><gender/></Patient>".encode(), "Patient.gender is empty."),
    "two of one": (
        f'<Patient{NS}><gender value="male"/><gender value="female"/></Patient>'.encode(),
        "Patient.gender stands more than once.",
    ),
    "a word for a number": (
        f'<Patient{NS}><multipleBirthInteger value="two"/></Patient>'.encode(),
        "Patient.multipleBirthInteger is not a number.",
    ),
    "two resources in one place": (
        f"<Patient{NS}><contained><Flag/><Flag/></contained></Patient>".encode(),
        "Patient.contained must hold one resource.",
    ),
}


@pytest.mark.parametrize(("content", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_broken_or_not_fhir_is_kept_whole_with_one_sentence(content, sentence):
    with pytest.raises(NotStrict) as refusal:
        to_json(content)

    assert str(refusal.value) == sentence
    assert list(entries("gp.xml", content)) == [Unreadable("gp.xml", content, sentence)]


@pytest.mark.parametrize("text", ["1e999", "9" * 10_000])
def test_a_number_out_of_range_in_xml_is_refused_with_the_resource(text):
    found = f'<Observation{NS}><valueQuantity><value value="{text}"/></valueQuantity></Observation>'.encode()

    (sent,) = entries("gp.xml", found)

    (problem,) = check(sent.content)[1]
    assert problem.startswith("A number is out of range")


def test_a_truth_that_is_neither_true_nor_false_is_told_by_the_structure_check():
    (sent,) = entries("gp.xml", f'<Patient{NS}><active value="yes"/></Patient>'.encode())

    assert check(sent.content)[1] == ["Patient.active is not true or false."]


def test_xml_in_latin_1_that_says_so_is_read():
    content = f'<?xml version="1.0" encoding="ISO-8859-1"?><Patient{NS}><id value="café"/></Patient>'

    assert json.loads(to_json(content.encode("latin-1")))["id"] == "café"
