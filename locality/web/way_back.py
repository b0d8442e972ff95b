"""From a form that was refused back to the page that it stands on, with what was sent in it."""

from django.http import HttpRequest
from django.urls import Resolver404, resolve

from locality.base import Overtaken, Refused
from locality.web import drafts

Way = tuple[str, str, str]
# these are sent and never opened by their address, though what they need is as of a page
SENT_ALONE = {"key_safe", "open_person", "staff_role"}


# of whoever may not open what they asked for, nothing is told
NOTHING_SENT: dict[str, object] = {"sent": [], "is_quiet": False}


def page_above(request: HttpRequest) -> str:
    """The nearest page above the address that a form was sent to; empty where there is none."""
    parts = request.path.strip("/").split("/")
    for length in range(len(parts) - 1, 0, -1):
        address = f"/{'/'.join(parts[:length])}"
        try:
            match = resolve(address)
        except Resolver404:
            continue
        need = getattr(match.func, "need", None)
        if need is not None and need.action in ("read", "run", "open") and match.url_name not in SENT_ALONE:
            return address
    return ""


def ways_back(request: HttpRequest, fault: Refused) -> list[Way]:
    """How whoever was refused goes on with what they were at; nothing for a page that was only asked for."""
    address = page_above(request) if request.method == "POST" else ""
    if not address:
        return []
    why = "with what was done meanwhile" if isinstance(fault, Overtaken) else "and change what stood in the way"
    return [("See how it stands now", address, f"{why}; do it again from there if it still needs doing")]


def sent(request: HttpRequest) -> dict[str, object]:
    """What somebody typed or chose in a form that was refused, to read and to copy; folded away where it is quiet."""
    told = drafts.sent(request) if request.method == "POST" else None
    return {"sent": told.words if told else [], "is_quiet": told.is_quiet if told else False}
