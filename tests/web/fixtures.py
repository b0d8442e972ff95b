"""One realistic example of what each page is given. Everyone here is invented."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from locality.record.queries.shapes import Enclosed, Refused
from locality.web.forms import Form

from .concern_fixtures import concern_pages
from .measure_fixtures import cohort_pages, measure_pages
from .shapes import (
    Face,
    Fact,
    Found,
    Group,
    Known,
    Mine,
    Panel,
    People,
    Place,
    Point,
    Quote,
    Reason,
    RefusedEntry,
    Sender,
    SignedIn,
    Source,
    SourceRow,
    Sources,
    Timeline,
    Trend,
    Undo,
)
from .work_fixtures import AT_WORK, CLOSE, NOBODY_CLOSE, NOTHING_YET

NOW = datetime(2026, 11, 5, 9, 40, tzinfo=ZoneInfo("Europe/London"))


def at(days_ago: float, hour: int = 9, minute: int = 0) -> datetime:
    return (NOW - timedelta(days=days_ago)).replace(hour=hour, minute=minute)


def nca(days_ago: float = 0.1) -> Sender:
    return Sender("NCA", "Northern Care Alliance", at(days_ago, 7, 55))


def practice(days_ago: float = 1) -> Sender:
    return Sender("GP", "Canal Side Practice", at(days_ago, 18, 5))


def council(days_ago: float = 2) -> Sender:
    return Sender("Council", "Bury Council adult social care", at(days_ago, 16, 20))


def persona(days_ago: float = 5) -> Sender:
    return Sender("Persona", "Persona Care and Support", at(days_ago, 12, 0))


def befrienders(days_ago: float = 9) -> Sender:
    return Sender("Circle", "Radcliffe Tea Circle", at(days_ago, 15, 30))


PEGGY = Face(
    id="0e4f6a52-5f0e-4c7b-9c55-6b1f0b6f8a10",
    family="Hargreaves",
    given="Margaret",
    likes="Peggy",
    birth_on="1942-02-12",
    sex="female",
    nhs_number="9991234551",
    address="14 Tannery Row, Radcliffe, M26 0ZZ",
    phone="07700 900123",
    practice="Canal Side Practice",
    team="Radcliffe",
    communication=("Hard of hearing: speak to her left", "Large print"),
    alerts=("Penicillin: anaphylaxis", "High risk of falls", "Lives alone, key safe"),
)

NEXT = (
    Fact("n1", "Physio visit at home", "today, 14:00 to 15:00", (nca(),), is_new=True,
         details=(("Who comes", "Sam Okoro, physiotherapist"), ("Why", "Walking practice after the hip"))),
    Fact("n2", "Reablement referral", "waiting, day 2", (council(),), "Due Fri 6 Nov", "caution",
         details=(("Whose it is", "Radcliffe reablement team"),)),
    Fact("n3", "Plan review", "Mon 16 Nov 2026", (council(3),)),
    Fact("n4", "Hip clinic, Fairfield General", "Wed 2 Dec 2026, 10:20", (nca(2),),
         details=(("Transport", "Ambulance booked: walking frame"),)),
)  # fmt: skip
ABOUT_ME = (
    Quote("What matters most to me", "My own front door, my cat Biscuit, and church on Sunday if Ann can drive me.",
          "Peggy, with Ann", council(12)),
    Quote("When I am upset", "Give me a minute and a cup of tea. Do not talk over me to Ann.", "Peggy", persona(20)),
    Quote("How to help me", "Let me try first. I am slow, not stuck.", "Peggy", persona(20)),
    Quote("What I like to be called", "Peggy. Margaret is for the doctor.", "Peggy", befrienders()),
)  # fmt: skip
ALLERGIES = (
    Fact("a1", "Penicillin", "anaphylaxis, 1988", (practice(),), "Severe", "urgent",
         also_held_by=("Northern Care Alliance",), details=(("Said to be", "Confirmed"),)),
)  # fmt: skip
RISKS = (
    Fact("r1", "Falls", "3 in six months, last 28 Oct 2026", (nca(3),), "High", "urgent", is_new=True,
         also_held_by=("Canal Side Practice",)),
    Fact("r2", "Skin", "heels red on leaving hospital", (nca(2),), "Watch", "caution"),
    Fact("r3", "Alone at night", "key safe, code with the team", (council(12),)),
)  # fmt: skip
PROBLEMS = (
    Fact("p1", "Broken hip, mended", "28 Oct 2026", (nca(3),), is_new=True),
    Fact("p2", "Heart failure", "since 2021", (practice(),), also_held_by=("Northern Care Alliance",)),
    Fact("p3", "Type 2 diabetes", "since 2009", (practice(),)),
    Fact("p4", "Hearing loss, both ears", "since Mar 2019", (practice(),)),
    Fact("p5", "Asthma", "", (practice(400),), not_hers=True),
)
MEDICINES = (
    Fact("m1", "Bisoprolol", "2.5 mg each morning", (nca(2),), "Changed", "caution", is_new=True,
         disagreement="Canal Side Practice says 5 mg; Northern Care Alliance says 2.5 mg since 3 Nov 2026."),
    Fact("m2", "Furosemide", "40 mg each morning", (practice(),), also_held_by=("Northern Care Alliance",)),
    Fact("m3", "Metformin", "500 mg with breakfast and tea", (practice(),)),
    Fact("m4", "Paracetamol", "1 g when needed, up to 4 a day", (nca(2),)),
)  # fmt: skip
INVOLVED = (
    Fact("i1", "Grace Adeyemi", "coordinator, Radcliffe team", (council(),), "Her named contact", "info",
         details=(("Phone", "0161 496 0101"),)),
    Fact("i2", "Dr Iqbal Rahman", "GP, Canal Side Practice", (practice(),)),
    Fact("i3", "Jo Lindley", "district nurse, NCA", (nca(1),), happened_text="next visit Fri 6 Nov"),
    Fact("i4", "Tom Barlow", "social worker, Bury Council", (council(),)),
    Fact("i5", "Ann Whittle", "daughter and carer", (practice(30),), details=(("Phone", "07700 900456"),)),
    Fact("i6", "Doreen Platt", "befriender, Tea Circle", (befrienders(),)),
)  # fmt: skip
PLANS = (
    Fact("g1", "Walk to the corner shop", "by Christmas", (council(3),), "Going well", "good"),
    Fact("g2", "Sleep through without the alarm", "", (council(3),), "Started", "info"),
    Fact("g3", "Bath rail fitted", "was due 2 Nov 2026", (council(3),), "Overdue by 3 days", "urgent",
         details=(("Whose it is", "Tom Barlow"),)),
)  # fmt: skip
CONTACTS = (
    Fact("c1", "Ann Whittle", "daughter, next of kin, main carer", (practice(30),),
         details=(("Phone", "07700 900456"),)),
    Fact("c2", "Key safe", "by the back door; code with the Radcliffe team", (council(12),)),
)  # fmt: skip
PACKAGE = (
    Fact("k1", "Home care", "2 visits a day, 30 minutes", (council(3),), "From 4 Nov 2026", "new", is_new=True),
    Fact("k2", "Pendant alarm", "tested 1 Oct 2026", (council(35),)),
)
TRENDS = (
    Trend("weight", "Weight", "kg",
          tuple(Point(at(days), value, f"{value} kg") for days, value in
                ((300, 66.4), (210, 65.8), (120, 64.9), (40, 63.1), (3, 61.7))),
          nca(3), "Down 4.7 kg in 10 months", "caution"),
    Trend("bp", "Blood pressure, upper", "mmHg",
          tuple(Point(at(days), value, f"{value}/{value - 58} mmHg") for days, value in
                ((200, 148), (90, 142), (30, 139), (2, 128))), nca(2)),
    Trend("news2", "NEWS2", "points",
          tuple(Point(at(days, 6), value, f"{value}") for days, value in
                ((8, 5), (7, 6), (6, 4), (5, 2), (4, 1), (3, 1))), nca(3), "Low", "good"),
)  # fmt: skip
SOURCES = Sources(
    "4 of 5 organisations have sent what was due; Persona is late by 3 days.",
    (
        Source("Canal Side Practice", "ok", "On time", "yesterday, 18:05"),
        Source("Northern Care Alliance", "ok", "On time", "2 hours ago"),
        Source("Bury Council", "ok", "On time", "2 days ago"),
        Source("Persona", "late", "Late by 3 days", "Sat 31 Oct 2026"),
        Source("Radcliffe Tea Circle", "ok", "On time", "9 days ago"),
    ),
)
LATE = ("Persona is late by 3 days",)
KNOWN = Known(
    next=Panel("present", NEXT, at(0.1, 7, 55)),
    about_me=Panel("present", ABOUT_ME, at(9, 15, 30), LATE),
    allergies=Panel("present", ALLERGIES, at(1, 18, 5)),
    risks=Panel("present", RISKS, at(2, 7, 55), LATE),
    problems=Panel("present", PROBLEMS, at(1, 18, 5)),
    medicines=Panel("present", MEDICINES, at(1, 18, 5)),
    decisions=Panel("not_recorded"),
    contacts=Panel("present", CONTACTS, at(2, 16, 20)),
    involved=Panel("present", INVOLVED, at(0.1, 7, 55)),
    plans=Panel("present", PLANS, at(2, 16, 20)),
    package=Panel("present", PACKAGE, at(2, 16, 20)),
    observations=Panel("present", TRENDS, at(2, 7, 55)),
    sources=SOURCES,
)


def event(number: int, days: float, chapter: str, title: str, value: str = "", **more: object) -> Fact:
    sender = {"Hospital": nca, "Care": practice, "Social": council, "Community": befrienders}[chapter](days)
    return Fact(f"t{number}", title, value, (sender,), at=at(days, 9 + number, 20), chapter=chapter, **more)


TIMELINE = Timeline(
    chapter="all",
    chapters=(("all", "All", 83), ("care", "Care", 41), ("hospital", "Hospital", 19), ("social", "Social", 15),
              ("community", "Community", 8)),
    groups=(
        Group("Home again", "since 3 Nov 2026", (
            event(1, 1, "Social", "Home care started", "2 visits a day", is_new=True),
            event(2, 2, "Social", "Referred to reablement", "by Tom Barlow", state="Waiting", state_kind="caution"),
        )),
        Group("Hospital stay, Fairfield General", "28 Oct to 3 Nov 2026, 6 days", (
            event(3, 2, "Hospital", "Discharged home", "with letter", is_new=True, document_id="t3"),
            event(4, 7, "Hospital", "Hip mended", "operation, no problems", also_held_by=("Canal Side Practice",)),
            event(5, 8, "Hospital", "Admitted after a fall", "at home, in the kitchen",
                  caution="Ward noted a penicillin allergy."),
        )),
        Group("Before", "October 2026", (
            event(6, 12, "Social", "About Me written", "with Ann"),
            event(7, 20, "Community", "Tea Circle", "stayed two hours, sang"),
            event(8, 24, "Care", "Blood test", "kidney function a little low", state="Review", state_kind="caution"),
        )),
    ),
    shown=8,
    total=83,
    more="timeline.html",
)  # fmt: skip

MY_PEOPLE = People(
    "Changed since yesterday",
    "Showing the 4 of your 41 people whose record changed since you last looked.",
    (
        Mine(PEGGY.id, "Hargreaves", "Margaret", "Peggy", "1942-02-12", "female", "Home from hospital", "info",
             changes=(("Discharged from Fairfield General after 6 days", nca(2)),
                      ("Home care started, 2 visits a day", council(1)))),
        Mine("p2", "Entwistle", "Harold", "", "1938-07-30", "male", "Fell", "urgent",
             changes=(("Fell at home, not hurt, ambulance left him with his wife", nca(0.4)),)),
        Mine("p3", "Kowalczyk", "Zofia", "Zosia", "2026-09-14", "female", "New baby", "good",
             changes=(("First weight check, 5.1 kg", nca(1)),)),
        Mine("p4", "Ramsden", "Edith", "", "1931-01-09", "female", "Died", "quiet", "2026-11-03",
             changes=(("Died at home, as she wished; visits have been stopped", practice(2)),)),
    ),
)  # fmt: skip
FOUND = (
    Found(PEGGY.id, "Hargreaves", "Margaret", "Peggy", "12 Feb 1942", "84 years", "female", "551", "M26",
          "On the Radcliffe team's caseload", "Your team", "good"),
    Found("f2", "Hargreaves", "Maureen", "", "born 1944", "", "female", "207", "BL9"),
    Found("f3", "Hargraves", "Margaret", "", "born 1951", "", "female", "884", "BL0", "Spelled a little differently"),
)  # fmt: skip
SOURCE_ROWS = (
    SourceRow("canal-side", "Canal Side Practice", "ok", "On time", "GP records", "due daily", at(1, 18, 5),
              1204, 31, 1173, 0, "To 31 Mar 2028"),
    SourceRow("nca", "Northern Care Alliance", "ok", "On time", "admissions, letters", "due every 15 minutes",
              at(0.1, 7, 55), 18233, 17990, 231, 12, "To 31 Mar 2027"),
    SourceRow("council", "Bury Council adult social care", "ok", "On time", "assessments, packages", "due weekly",
              at(2, 16, 20), 640, 88, 552, 0, "Ends in 26 days", "late"),
    SourceRow("persona", "Persona Care and Support", "late", "Late by 3 days", "About Me, visits", "due every 2 days",
              at(5, 12, 0), 77, 70, 6, 1, "To 30 Jun 2027"),
    SourceRow("hospice", "Bury Hospice", "never", "Has not sent yet", "advance decisions", "due daily", None,
              0, 0, 0, 0, "To 30 Jun 2027"),
)  # fmt: skip
REASONS = (
    Reason("The text is not complete JSON", "The file was cut short: ask for it to be sent again.", 11, tuple(
        RefusedEntry(f"e{n}", f"letters-2026-11-04.zip, letter-{n:03}.json", at(1, 2, n), 2048, 1) for n in range(4)
    )),
    Reason("The patient has no identifier", "", 1,
           (RefusedEntry("e9", "bundle-17.json, entry 3", at(1, 2, 40), 612, 2),)),
)  # fmt: skip
NARRATIVE = (
    '<div xmlns="http://www.w3.org/1999/xhtml"><h2>Going home</h2><p>Mrs Hargreaves came in after a fall on '
    "<b>28 October</b> and had her left hip mended.</p><table><tr><th>Medicine</th><th>Change</th></tr><tr><td>"
    "Bisoprolol</td><td>Now 2.5 mg</td></tr></table><ul><li>Wound check in 10 days</li></ul>"
    '<script>alert("x")</script><img src="https://example.org/beacon.gif"></div>'
)
EVERYWHERE = {
    "place": Place("Bury"),
    "signed_in": SignedIn("Jo Lindley", "District nurse, Radcliffe team"),
    "nav": (("Home", "home.html", False), ("Find a person", "find.html", False), ("Sources", "sources.html", False)),
    "now": NOW,
    "may_break": True,
    "objects": "",
}
ABOUT_PEGGY = {"about": PEGGY}
WAYS = (("Referrals", "referrals"), ("Help nearby", "directory"))
STILL_TO_DO = (("Refused entries to look at", "quarantine.html", 13), ("Doubts about identity", "home.html", 0))

# page name -> (template, what it is given)
PAGES: dict[str, tuple[str, dict]] = {
    "sign_in": ("sign_in.jinja", {"signed_in": None, "nav": (), "username": "", "errors": (), "next": "",
        "over": "", "providers": (), "demo_password": "radcliffe", "demo_accounts": (
            ("jo", "Jo Lindley", "district nurse, Radcliffe", "Opens Peggy Hargreaves: she is on her team's caseload."),
            ("lee", "Lee Mottram", "physiotherapist, Ramsbottom", "Is refused: no reason to look at Peggy."))}),
    "sign_in_wrong": ("sign_in.jinja", {"signed_in": None, "nav": (), "username": "jo", "next": "", "demo_accounts": (),
        "over": "", "providers": (), "errors": (("username", "The user name or the password is not right"),)}),
    "choose_role": ("choose_role.jinja", {"roles": (("nurse", "District nurse", "NCA, Radcliffe team"),
        ("coordinator", "Neighbourhood coordinator", "Bury Council, Radcliffe and Whitefield teams"))}),
    "home": ("home.jinja", {"answer": "4 of your 41 people changed since yesterday; one fell last night",
        "find": True, "my_people": MY_PEOPLE, "sources": SOURCES, "doubts": None, "to_do": None, "ways": ()}),
    "home_admin": ("home.jinja", {"answer": "One source is late, and 13 entries wait for you", "find": False,
        "my_people": None, "sources": SOURCES, "doubts": None, "to_do": STILL_TO_DO, "ways": ()}),
    "home_empty": ("home.jinja", {"answer": "Nobody is on your list yet", "find": True, "sources": None, "doubts": None,
        "to_do": None, "ways": WAYS,
        "my_people": People("My people", "People appear here when your team takes them on.", ())}),
    "find": ("find.jinja", {"words": "", "born": "", "born_words": "", "errors": (), "asked": False, "found": (),
        "more": False, "searched": "", "alternatives": ()}),
    "find_found": ("find.jinja", {"words": "peggy hargreves", "born": "", "born_words": "", "errors": (),
        "asked": True, "found": FOUND, "more": True, "alternatives": (("Hargreaves", "the family name alone"),),
        "searched": "Names that sound or look like \u201cpeggy hargreves\u201d, known and earlier."}),
    "find_nobody": ("find.jinja", {"words": "999 123 4562", "born": "12/2/42", "born_words": "12 Feb 1942",
        "asked": True, "errors": (("words", "This NHS number has a mistyped digit: check it with the person"),),
        "found": (), "more": False, "searched": "NHS number 999 123 4562, in every organisation connected.",
        "alternatives": (("Hargreaves", "by name instead"),)}),
    "add": ("add/form.jinja", {"form": Form({"given": "Peggy", "nhs_number": "123"},
            [("nhs_number", "This is not a valid NHS number: check the digits, or leave it empty.")]),
        "mark": "1", "teams": {}, "sexes": (("female", "Female"), ("male", "Male")),
        "comes": (("self", "Asked for help themselves"),)}),
    "add_alike": ("add/alike.jinja", {"form": Form({"given": "Peggy", "family": "Hargreaves"}), "fields": ("given",),
        "mark": "1", "alike": FOUND, "certain": False, "not_these": ""}),
    "confirm_person": ("confirm_person.jinja", {"person": FOUND[1], "rows": (("Year of birth", "1944"),
        ("Sex", "Female"), ("NHS number ends", "207"), ("Postcode area", "BL9")),
        "why_asked": "She is not on your team's list. You will be asked for your reason before anything is shown."}),
    "person": ("person.jinja", ABOUT_PEGGY | AT_WORK | CLOSE | {"known": KNOWN, "timeline": TIMELINE,
        "answer": "Peggy is home after 6 days in hospital; reablement is waiting, day 2"}),
    "person_doubt": ("person.jinja", NOTHING_YET | NOBODY_CLOSE | {"known": replace(KNOWN,
            allergies=Panel("withheld", as_at=at(1), words="Some allergies are withheld: ask before acting."),
        risks=Panel("unavailable"), problems=Panel("none_known", as_at=at(1)), medicines=Panel("not_connected"),
        next=Panel("not_recorded"), observations=Panel("not_recorded")), "timeline": replace(TIMELINE, groups=()),
        "about": replace(PEGGY, family="O\u2019Shaughnessy-Featherstonehaugh", given="Bartholomew Maximilian", likes="",
            sex="unknown", nhs_number=None, birth_on="1942", died_on="2026-11-03", died=True, address=None,
            address_words="Not shown: ask the safeguarding lead",
            identity_doubt="Two people share this number and name: check the address with him."),
        "answer": "He died on Tue 3 Nov 2026; two records may be mixed here"}),
    "person_print": ("person_print.jinja", ABOUT_PEGGY | CLOSE | {"known": KNOWN, "timeline": TIMELINE,
        "answer": "Peggy is home after 6 days in hospital; reablement is waiting, day 2",
        "printed_by": "Jo Lindley, district nurse"}),
    "timeline": ("timeline_page.jinja", ABOUT_PEGGY | {"timeline": TIMELINE,
        "undo": Undo("Asthma was marked as not hers.", "undo.html")}),
    "document": ("document.jinja", ABOUT_PEGGY | {"fact": TIMELINE.groups[1].lines[0], "kind": "Discharge letter",
        "rows": (("From", "Fairfield General, ward 5"), ("Written", "Tue 3 Nov 2026, 11:20")), "narrative": NARRATIVE,
        "text": "", "enclosed": (Enclosed(number=0, title="Discharge letter", content_type="application/pdf",
            size=48211, may_download=True),), "original_kind": "FHIR, 2 KB", "may_write": True}),
    "original": ("original.jinja", ABOUT_PEGGY | {"heading": "Discharge letter, as sent", "rows": (("Sent by",
        "Northern Care Alliance"),), "original": '{"resourceType": "DocumentReference", "text": "<script>"}',
        "back": ("Discharged home", "document.html")}),
    "confirm": ("confirm.jinja", ABOUT_PEGGY | {"heading": "Is this not hers?", "fact": PROBLEMS[1], "errors": (),
        "effect": "\u201cHeart failure\u201d will be struck through on Peggy\u2019s page, with your name, for everyone "
        "who sees it. The practice is told. You can undo this.", "action": "confirm.html", "yes": "It is not hers",
        "reason_label": "How do you know?"}),
    "refused": ("refused.jinja", {"heading": "You cannot open this record",
        "text": "Margaret Hargreaves is not on your team's list, has no referral to you and no visit from you.",
        "is_refused": False, "sent": [], "is_quiet": False,
        "what_next": (("Ask her team", "home.html", "Radcliffe, 0161 496 0101, open now"),
            ("It is urgent: say why and look", "home.html", "your reason is read by the privacy officer"),
            ("Wrong person?", "find.html", "search again"))}),
    "not_found": ("not_found.jinja", {}),
    "error": ("error.jinja", {"event": "7F3A-2210", "kept": "What you had typed was not saved. Nothing else changed."}),
    "sources": ("sources.jinja", {"sources": SOURCE_ROWS,
        "answer": "3 of 5 sources sent when due; Persona is late by 3 days and Bury Hospice has not sent yet",
        "ending": ["Sharing agreement 3: ends in 26 days. Renew it, or intake stops."], "referrals": []}),
    "quarantine": ("quarantine.jinja", {"answer": "12 entries from Northern Care Alliance could not be stored",
        "source": Refused(code="nca", name="Northern Care Alliance", total=12, pages=2), "reasons": REASONS}),
    "quarantine_empty": ("quarantine.jinja", {"answer": "Nothing is waiting from Canal Side Practice",
        "source": Refused(code="canal-side", name="Canal Side Practice", total=0), "reasons": ()}),
    "help": ("help.jinja", {}),
}  # fmt: skip
PAGES |= concern_pages(now=NOW, about=PEGGY)
PAGES |= measure_pages() | cohort_pages()
