"""Which practitioner is meant: by a name that is typed, and chosen where several have it."""

from uuid import UUID

from locality.access.queries.whom import practitioners_named
from locality.web.forms import Form

NAME_THEM = "Type the practitioner's name."
NOBODY = "No practitioner of that name works here."
SEVERAL = "Several have that name: choose one."

Offered = list[tuple[str, str]]


def practitioner_of(form: Form, *, needed: str = "") -> tuple[UUID | None, Offered]:
    """The one practitioner of the name typed, or the one chosen of several; else nobody, which the form then says."""
    words = form.words("who", needed=needed)
    if not words:
        return None, []
    offered = [(str(pk), name) for pk, name in practitioners_named(words)]
    if not offered:
        form.errors.append(("who", NOBODY))
        return None, []
    if len(offered) == 1:
        return UUID(offered[0][0]), []
    chosen = form.chosen("practitioner", {pk: pk for pk, _ in offered}, needed=SEVERAL)
    return (UUID(chosen) if chosen else None), offered
