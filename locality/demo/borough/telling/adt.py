"""The hospital's admission messages (HL7 v2.4 ADT) of its last weeks, beside its record: the same people and stays."""

from collections.abc import Iterator

from locality.demo.borough import names
from locality.demo.borough.known import Known
from locality.demo.borough.life import Life, Stay
from locality.demo.borough.published import practices
from locality.demo.borough.telling.acute import said, visit_number, ward
from locality.demo.borough.telling.staff import name_of
from locality.demo.borough.telling.stamps import hl7

WEEKS = 9
HEAD_ENDS = "P|2.4|||||GBR|UNICODE UTF-8"
# what each kind of message is read as: see locality/record/intake/hl7v2
RESOURCES = {"A01": 3, "A03": 3}
SEX = {"female": "2", "male": "1"}
KIN = {
    "Daughter": "CHD", "Son": "CHD", "Wife": "SPO", "Husband": "SPO", "Partner": "DOM", "Mother": "MTH",
    "Father": "FTH", "Sister": "SIS", "Brother": "BRO", "Friend": "FND", "Neighbour": "NBR",
}  # fmt: skip
SEPARATORS = str.maketrans({"|": " ", "^": " ", "&": " ", "~": " ", "\\": " "})


def messages(life: Life, patients: list[Known], *, end: int) -> Iterator[tuple[bytes, int]]:
    """Each message of the last weeks, and how many resources it is read as."""
    for number, stay in enumerate(life.stays):
        known = patients[number % len(patients)]
        if stay.day >= end - WEEKS * 7:
            yield _message("A01", known, number, stay, life)
        if stay.end_day >= end - WEEKS * 7 and not stay.open:
            yield _message("A03", known, number, stay, life)


def _message(event: str, known: Known, number: int, stay: Stay, life: Life) -> tuple[bytes, int]:
    at = (stay.day, stay.minute) if event == "A01" else (stay.end_day, stay.end_minute)
    written = hl7(at[0], min(at[1] + 8, 1439))
    structure = "ADT_A01" if event == "A01" else "ADT_A03"
    control = f"{said()['short']}-{known.local_id}-{number}-{event}"
    segments = [
        rf"MSH|^~\&|PAS|{said()['short']}|LOCALITY||{written}||ADT^{event}^{structure}|{control}|{HEAD_ENDS}",
        f"EVN|{event}|{written}||||{hl7(*at)}",
        _pid(known, life, event=event),
    ]
    practice = practices().get(known.person.practice)
    if practice:
        segments.append(f"PD1|||{_clean(practice.name)}^^{practice.code}")
    kin = next((close for close in life.person.close if close.next_of_kin), None)
    if kin:
        given, _, family = kin.name.partition(" ")
        code = KIN.get(kin.kind, "NOK")
        segments.append(f"NK1|1|{_clean(family)}^{_clean(given)}|{code}^{kin.kind}||{kin.phone}^PRS^CP")
    segments += [_pv1(known, number, stay, life, event=event), f"PV2|||^{_clean(stay.words)}"]
    if event == "A03":
        segments.append(f"DG1|1||{stay.codes[0]}^{_clean(stay.words)}^I10||{hl7(stay.day, stay.minute)}|F")
    resources = RESOURCES[event] + bool(kin) + (event == "A03")
    return ("\r".join(segments) + "\r").encode("utf-8"), resources


def _pid(known: Known, life: Life, *, event: str) -> str:
    number = f"~{known.nhs_number}^^^NHS^NH" if known.nhs_number else ""
    given = "^".join([*(_clean(one) for one in known.given), ""][:2])
    lines = "^".join([*(_clean(line) for line in known.address.lines), ""][:2])
    address = f"{lines}^{_clean(known.address.town)}^^{known.address.postcode}^GBR^H"
    fields = [
        "PID", "1", "", f"{known.local_id}^^^{said()['short']}^MR{number}", "",
        f"{_clean(known.family)}^{given}^^{known.prefix.upper()}^^L", "", f"{known.born:%Y%m%d}", SEX[known.sex],
        "", "", address, "", known.landline or known.mobile, "", "EN", "", "", "", "", "", "", known.category,
    ]  # fmt: skip
    died = life.person.died
    if event == "A03" and died is not None and any(stay.died for stay in life.stays):
        fields += [""] * 6 + [f"{hl7(died, 0)[:8]}", "Y"]
    return "|".join(fields)


def _pv1(known: Known, number: int, stay: Stay, life: Life, *, event: str) -> str:
    given, family, prefix, _ = name_of("acute", stay.specialty, str(life.person.key % 3 + 1))
    doctor = f"^{_clean(family)}^{_clean(given)}^^^{prefix.upper()}"
    fields = [""] * 46
    fields[0], fields[1], fields[2] = "PV1", "1", "I"
    fields[3] = f"{ward(life, number).upper()}^BAY {known.person.key % 5 + 1}^BED {known.person.key % 6 + 1}"
    fields[4] = "21" if stay.emergency else "11"
    fields[9] = doctor
    fields[10] = _clean(stay.specialty)
    fields[19] = f"{visit_number(known.local_id, number)}^^^{said()['short']}^VN"
    if event == "A03":
        fields[36] = "4" if stay.died else "19"
        fields[45] = hl7(stay.end_day, stay.end_minute)
    fields[44] = hl7(stay.day, stay.minute)
    return "|".join(fields).rstrip("|")


def _clean(text: str) -> str:
    """In capitals and without accents or separators, as its system keeps names."""
    return names.plain(text).translate(SEPARATORS).upper()
