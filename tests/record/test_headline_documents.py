"""Documents, reports, forms, About Me, consent and decisions."""

import pytest

from locality.record.headlines import Attachment, Part, State, Topic, detail, headline

HERS = {"reference": "Patient/1"}


def document(title: str, **more) -> dict:
    return {"resourceType": "DocumentReference", "status": "current", "type": {"text": title}, "subject": HERS, **more}


def file(**more) -> dict:
    return {"attachment": {"contentType": "application/pdf", **more}}


def test_a_document_opens_to_its_files():
    resource = document(
        "Discharge summary",
        description="After a fall",
        date="2026-11-05T12:00:00Z",
        content=[file(url="Binary/1", title="Letter", size=9000), file(data="aGVsbG8=")],
        context={"encounter": [{"reference": "Encounter/5"}]},
    )

    line = headline(resource)

    assert (line.topic, line.title, line.value) == (Topic.DOCUMENT, "Discharge summary", "After a fall")
    assert (line.state, line.encounter) == (State.CURRENT, "Encounter/5")
    assert detail(resource).attachments == [
        Attachment("Letter", "application/pdf", "Binary/1", 9000),
        Attachment("", "application/pdf", "", 5),
    ]


@pytest.mark.parametrize(
    ("more", "state", "caution"),
    [
        ({"status": "superseded"}, State.PAST, ""),
        ({"status": "entered-in-error"}, State.WRONG, ""),
        ({"docStatus": "entered-in-error"}, State.WRONG, ""),
        ({"docStatus": "preliminary"}, State.CURRENT, "Not final: it may change."),
    ],
)
def test_a_documents_two_statuses_are_both_read(more, state, caution):
    line = headline(document("Letter", **more))

    assert (line.state, line.caution) == (state, caution)


def test_a_document_without_a_type_is_named_by_its_file():
    assert (
        headline({"resourceType": "DocumentReference", "content": [file(title="Scan of her form")]}).title
        == "Scan of her form"
    )
    assert headline({"resourceType": "DocumentReference"}).title == "Document"


@pytest.mark.parametrize(
    "title",
    ["ReSPECT form", "DNACPR decision", "Advance decision to refuse treatment", "Lasting power of attorney for health",
     "Recommended summary plan for emergency care and treatment", "Advance care plan", "Preferred place of death"],
)  # fmt: skip
def test_an_advance_decision_is_in_its_own_panel_and_stands(title):
    line = headline(document(title))

    assert (line.topic, line.data_class, line.state) == (Topic.DECISION, "SUM", State.CURRENT)


def test_a_decision_named_only_by_its_file_is_found_too():
    assert headline(document("Clinical letter", content=[file(title="ReSPECT v3")])).topic is Topic.DECISION


def test_respect_as_a_word_decides_nothing():
    assert headline(document("Letter with respect to your visit")).topic is Topic.DOCUMENT


def test_the_same_document_from_two_senders_is_one_fact_by_its_own_identifier():
    mine = headline(document("Letter", masterIdentifier={"value": "urn:uuid:1"}, date="2026-11-05T12:00:00Z"))
    copy = headline(document("Clinical letter", masterIdentifier={"value": "urn:uuid:1"}, date="2026-11-05"))

    assert mine.group_key == copy.group_key


def test_a_composition_opens_to_its_sections_as_sent():
    resource = {
        "resourceType": "Composition", "status": "final", "title": "Discharge summary", "date": "2026-11-05",
        "text": {"div": "<div>Whole</div>"},
        "section": [
            {"title": "Plan <b>", "text": {"div": "<div>Rest</div>"}, "section": [{"text": {"div": "<div>Eat</div>"}}]},
            {"title": "Allergies", "emptyReason": {"text": "Unavailable"}},
        ],
    }  # fmt: skip

    assert detail(resource).narrative_html == (
        "<div>Whole</div><h4>Plan &lt;b&gt;</h4><div>Rest</div><div>Eat</div><h4>Allergies</h4><p>Unavailable</p>"
    )
    assert headline(resource).state is State.CURRENT


def test_a_report_reads_its_conclusion_or_the_results_inside_it():
    inside = {
        "resourceType": "Observation", "id": "k", "code": {"text": "Potassium"},
        "valueQuantity": {"value": 4, "unit": "mmol/L"},
    }  # fmt: skip
    resource = {
        "resourceType": "DiagnosticReport", "status": "final", "code": {"text": "Blood test"},
        "contained": [inside], "result": [{"reference": "#k"}, {"reference": "Observation/9"}],
        "presentedForm": [{"contentType": "application/pdf", "url": "Binary/2"}],
    }  # fmt: skip

    assert headline(resource).value == "Potassium 4 mmol/L"
    assert headline({**resource, "conclusion": "All well"}).value == "All well"
    assert detail(resource).parts == [Part("Potassium", "4", "mmol/L")]
    assert detail(resource).attachments == [Attachment("", "application/pdf", "Binary/2", None)]


def test_a_report_not_yet_final_may_change():
    assert headline({"resourceType": "DiagnosticReport", "status": "partial"}).caution == "Not final: it may change."


ABOUT_ME = {
    "resourceType": "QuestionnaireResponse", "status": "completed", "subject": HERS, "authored": "2026-09-01",
    "questionnaire": "https://theplace.example/Questionnaire/About-Me|1.0",
    "item": [
        {"text": "How and when to support me", "answer": [{"valueString": "Mornings"}]},
        {"text": "What is most important to me?", "answer": [{"valueString": "My garden"}, {"valueString": "my cat"}]},
        {"text": "Favourite tea", "answer": [{"valueString": "Yorkshire"}]},
        {"text": "Please do and please don't", "answer": [{"valueString": "Call me Peggy"}]},
        {"text": "People who are important to me", "item": [{"text": "My people", "answer": [{"valueString": "Ann"}]}]},
        {"text": "Photo"},
    ],
}  # fmt: skip


def test_about_me_is_told_in_the_order_of_the_standard():
    assert detail(ABOUT_ME).pairs == [
        ("What is most important to me", "My garden, my cat"),
        ("Please do and please don\u2019t", "Call me Peggy"),
        ("How and when to support me", "Mornings"),
        ("Favourite tea", "Yorkshire"),
        ("My people", "Ann"),
    ]


def test_about_me_shows_what_matters_most_in_its_line_and_stands():
    line = headline(ABOUT_ME)

    assert (line.topic, line.title, line.value) == (Topic.ABOUT_ME, "About me", "My garden, my cat")
    assert (line.data_class, line.state) == ("SUM", State.CURRENT)


@pytest.mark.parametrize("form", ["about-me", "ABOUT_ME", "AboutMe|2", "prsb-about-me/"])
def test_about_me_is_known_however_its_form_is_written(form):
    assert headline(ABOUT_ME | {"questionnaire": f"https://x/{form}"}).topic is Topic.ABOUT_ME


def test_about_me_as_a_document_has_its_sections_as_headings():
    resource = {
        "resourceType": "Composition", "status": "final", "title": "About Me",
        "section": [
            {"title": "My wellness", "text": {"div": "<div><p>Good &amp; bad days</p><p>Tired by four</p></div>"}},
            {"title": "What matters to me", "text": {"div": "<div>My garden</div>"}},
        ],
    }  # fmt: skip

    assert headline(resource).topic is Topic.ABOUT_ME
    assert detail(resource).pairs == [
        ("What is most important to me", "My garden"),
        ("My wellness", "Good & bad days. Tired by four"),
    ]


def test_about_me_as_a_finding_or_a_file_is_in_its_panel():
    finding = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"text": "About me"},
        "valueString": "My garden",
    }

    assert headline(finding).topic is Topic.ABOUT_ME
    assert detail(finding).pairs == [("About me", "My garden")]
    assert headline(document("About me")).topic is Topic.ABOUT_ME


def test_any_other_form_lists_its_questions_and_answers_however_deep():
    deep = {"text": "Since when?", "answer": [{"valueDate": "2026-11-01"}]}
    resource = {
        "resourceType": "QuestionnaireResponse", "status": "in-progress", "questionnaire": "https://x/FallsScreen",
        "item": [
            {"text": "Fallen?", "answer": [{"valueBoolean": True, "item": [deep]}]},
            {"linkId": "q9", "answer": [{"valueInteger": 0}]},
        ],
    }  # fmt: skip

    line = headline(resource)

    assert detail(resource).pairs == [("Fallen?", "Yes"), ("Since when?", "Sun 1 Nov 2026"), ("q9", "0")]
    assert (line.topic, line.title, line.value, line.caution) == (
        Topic.REPORT,
        "Falls Screen",
        "3 answers",
        "Not finished.",
    )


def test_a_form_of_one_answer_tells_it():
    resource = {
        "resourceType": "QuestionnaireResponse",
        "item": [{"text": "Fallen?", "answer": [{"valueBoolean": False}]}],
    }

    assert headline(resource).value == "Fallen? No"


def consent(scope: str, category: str, **more) -> dict:
    return {
        "resourceType": "Consent", "status": "active", "patient": HERS, "scope": {"coding": [{"code": scope}]},
        "category": [{"coding": [{"code": category}]}], **more,
    }  # fmt: skip


def test_leave_to_share_reads_as_agreed_or_objected():
    shared = headline(consent("patient-privacy", "59284-0", policyRule={"coding": [{"code": "OPTIN"}]}))
    withheld = headline(consent("patient-privacy", "59284-0", provision={"type": "deny"}))

    assert (shared.topic, shared.title, shared.value) == (Topic.CONSENT, "Consent to share information", "agreed")
    assert withheld.value == "refused"


@pytest.mark.parametrize(("scope", "category"), [("adr", "acd"), ("treatment", "dnr"), ("adr", "x")])
def test_an_advance_directive_as_consent_is_a_decision(scope, category):
    line = headline(consent(scope, category))

    assert (line.topic, line.data_class) == (Topic.DECISION, "SUM")


def test_a_do_not_resuscitate_consent_is_named_so():
    assert headline(consent("treatment", "dnr")).title == "Do not resuscitate"


def test_the_narrative_comes_as_sent_to_be_cleaned_by_who_shows_it():
    resource = document("Letter", text={"div": "<div onclick='x'>Hello</div>"})

    assert detail(resource).narrative_html == "<div onclick='x'>Hello</div>"
    assert detail(document("Letter")).narrative_html == ""


def test_only_lines_that_say_something_are_told():
    assert detail({"resourceType": "DocumentReference"}).lines == []
