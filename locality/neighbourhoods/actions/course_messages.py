"""What a class tells those who come: written into the outbox, which asks again at the moment of sending."""

from locality.base import Viewer
from locality.neighbourhoods.actions import outbox
from locality.neighbourhoods.models import CoursePlace, CourseSession
from locality.neighbourhoods.queries.leaving import has_account
from locality.neighbourhoods.rules.outbox import Channel, ToKind, is_mobile
from locality.people.queries import same_person
from locality.record.queries.words import moment_words

INVITATION_WORDS = """Dear {name},

You are invited to a class: {course}.
{what}
It meets at {where}. It begins on {first}, and meets {times}.

If you would like to come, or would rather not, ring {team}{phone}.

{team}"""
FREE_PLACE_WORDS = """A place in {course} is free, and it is yours. It meets at {where}, next on {first}.
To say no, ring {team}{phone}."""
CANCELLED_WORDS = """{course} on {day} is cancelled: {why}. It meets next on {first}. Questions: ring {team}{phone}."""
NOW_WORDS = """{was} has changed. It is now {course}, at {where}, next on {first}. Questions: ring {team}{phone}."""
NOT_KNOWN = "a day that we will tell you"


def invited(place: CoursePlace, *, by: Viewer) -> None:
    """A letter: come, or say that you would rather not."""
    _put(place, Channel.LETTER, "An invitation to a class", INVITATION_WORDS, once=f"course invited {place.pk}", by=by)


def moved_up(place: CoursePlace, *, by: Viewer) -> None:
    """A place became free, and it is theirs."""
    once = f"course moved up {place.pk} {place.version}"
    _put(place, _quick(place), "You have a place in a class", FREE_PLACE_WORDS, once=once, by=by)


def cancelled(place: CoursePlace, session: CourseSession, *, by: Viewer) -> Channel:
    """One meeting is not held. Returns by which way they are told."""
    told = {"day": moment_words(session.starts_at), "why": session.cancelled_why}
    once = f"course cancelled {session.pk} {place.pk} {by.at.isoformat()}"
    channel = _quick(place)
    _put(place, channel, "Your class is cancelled", CANCELLED_WORDS, once=once, by=by, **told)
    return channel


def changed(place: CoursePlace, *, was: str, by: Viewer) -> None:
    """It is called otherwise, or meets elsewhere."""
    once = f"course changed {place.pk} {place.course.version}"
    _put(place, _quick(place), "Your class has changed", NOW_WORDS, once=once, by=by, was=was)


def _quick(place: CoursePlace) -> Channel:
    # a text leads to a message on their own pages: whoever cannot sign in there would be told nothing
    ids = [one.pk for one in same_person(place.person_id)]
    return Channel.TEXT if is_mobile(place.person.phone) and has_account(ids) else Channel.LETTER


def _put(place: CoursePlace, channel: Channel, subject: str, words: str, *, once: str, by: Viewer, **told: str) -> None:
    course, person = place.course, place.person
    sessions = course.sessions.filter(cancelled_at=None).order_by("starts_at")
    first = sessions.filter(starts_at__gt=by.at).first()
    phone = f" on {course.team.phone}" if course.team.phone else ""
    body = words.format(
        **{
            "name": person.likes or person.given or "friend",
            "course": course.name,
            "what": f"\n{course.what}\n" if course.what else "",
            "where": course.where,
            "first": moment_words(first.starts_at) if first else NOT_KNOWN,
            "times": "once" if (many := sessions.count()) == 1 else f"{many} times",
            "team": course.team.name,
            "phone": phone,
            **told,
        }
    )
    outbox.put(
        new=outbox.NewMessage(
            person=person.pk,
            channel=channel,
            template="class",
            to_kind=ToKind.PERSON,
            to_id=person.pk,
            to_name=" ".join(part for part in (person.given, person.family) if part) or "Name not known",
            subject=subject,
            body=body,
            sender=place.sender_id,
            team=course.team_id,
            about="class",
            about_id=place.pk,
            once=once,
        ),
        by=by,
    )
