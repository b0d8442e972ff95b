"""Appointment: what happens next, and with whom."""

from locality.record.headlines.line import Line, participants, sentence, who
from locality.record.headlines.shapes import Detail, State, Topic
from locality.record.headlines.states import state_of
from locality.record.headlines.subject import subject
from locality.record.headlines.when import period_words
from locality.record.headlines.words import concept, concept_words, plain, reference_words

CALLED_OFF = {"cancelled": "cancelled", "noshow": "did not attend", "proposed": "proposed", "waitlist": "waiting list"}


def others(resource: dict) -> list[dict]:
    """The participants who are not the person."""
    person = subject(resource)
    kept = []
    for one in resource.get("participant") or ():
        actor = one.get("actor") or {}
        written = actor.get("reference") or ""
        if actor.get("type") != "Patient" and "Patient/" not in written and (not person or written != person):
            kept.append(one)
    return kept


def line(resource: dict) -> Line:
    said = concept(resource.get("serviceType"))
    kind = said if said.words else concept(resource.get("appointmentType"))
    status = resource.get("status") or ""
    state = state_of("Appointment", status)
    about = plain(resource.get("description"))
    with_whom = [reference_words(one.get("actor"), resource) for one in others(resource)]
    requested = (resource.get("requestedPeriod") or [{}])[0]
    return Line(
        topic=Topic.ENCOUNTER if state is State.PAST else Topic.NEXT,
        concept=kind,
        title=about or kind.words or concept_words(resource.get("specialty")) or "Appointment",
        value=sentence(*list(filter(None, dict.fromkeys(with_whom)))[:3], CALLED_OFF.get(status, "")),
        starts=resource.get("start") or requested.get("start") or "",
        ends=resource.get("end") or requested.get("end") or "",
        status=status,
        hint=concept_words(resource.get("specialty")),
    )


def detail(resource: dict) -> Detail:
    wanted = [period_words(one) for one in resource.get("requestedPeriod") or ()]
    return Detail(
        lines=[
            ("When", period_words({"start": resource.get("start"), "end": resource.get("end")})),
            ("Asked for", sentence(*wanted)),
            ("Service", concept_words(resource.get("serviceType"))),
            ("Specialty", concept_words(resource.get("specialty"))),
            ("Kind", concept_words(resource.get("appointmentType"))),
            ("Reason", concept_words(resource.get("reasonCode"))),
            ("About", plain(resource.get("description"))),
            ("Told the person", plain(resource.get("patientInstruction"))),
            ("Called off because", concept_words(resource.get("cancelationReason"))),
            ("Status", resource.get("status") or ""),
            ("Note", plain(resource.get("comment"))),
        ],
        people=participants(resource, others(resource), "type", "actor"),
    )


def answer_line(resource: dict) -> Line:
    """An AppointmentResponse: somebody's yes or no."""
    answer = resource.get("participantStatus") or ""
    return Line(
        topic=Topic.OTHER,
        title="Answer to an appointment",
        value=sentence(answer, plain(resource.get("comment"))),
        starts=resource.get("start") or "",
        ends=resource.get("end") or "",
        status=answer,
        state=State.PAST,
        by=who(resource, "actor"),
        data_class="WORK",
    )
