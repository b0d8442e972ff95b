"""Which practitioner is meant: by a name that is typed, and then always chosen, since a name may be another's too."""

from datetime import date
from uuid import UUID

from locality.access.queries.whom import staff_named
from locality.web.forms import Form

NAME_THEM = "Type the practitioner's name."
NOBODY = "Nobody of that name works here today."
CHOOSE = "Choose who is meant."
MORE = "More have that name than are listed: type more of it, or choose one of these."

Offered = list[tuple[str, str]]
Chosen = tuple[UUID, str]


def practitioner_of(form: Form, *, on: date, needed: str = "") -> tuple[Chosen | None, Offered]:
    """Who was chosen of those of the name typed, with their name; else nobody, which the form then says."""
    words = form.words("who", needed=needed)
    if not words:
        return None, []
    found, more = staff_named(words, on=on)
    if not found:
        form.errors.append(("who", NOBODY))
        return None, []
    known = {str(pk): (pk, name) for pk, name in found}
    chosen = form.chosen("practitioner", known, needed=MORE if more else CHOOSE)
    return chosen, [(pk, name) for pk, (_, name) in known.items()]
