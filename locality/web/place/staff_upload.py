"""An employer's own list of staff, sent as a file: checked or loaded, and each refused line kept and shown."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import get_valid_filename
from django.views.decorators.http import require_GET, require_http_methods

from locality.access import actions
from locality.access.queries import staff as access
from locality.access.rules import DataClass
from locality.base import NotFound, Viewer
from locality.directory.pack import PackFaults
from locality.directory.pack.staff import STAFF
from locality.web.guard import needs, viewer_of
from locality.web.pages import page
from locality.web.words import counted

UPLOADED = "staff_upload"
# ten thousand lines; a list of one employer's staff is a tenth of it
LARGEST = 1_000_000
NO_FILE = "Choose the file: a CSV with one line for each team that somebody works in."
NO_CSV = "The file must be a CSV: a spreadsheet writes one with \u201cSave as, CSV UTF-8\u201d."
TOO_LARGE = "The file is larger than 1 MB. Send it in parts: each person's lines must stay in one file."


@needs("run", DataClass.WORK)
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """What does an employer's own list change?"""
    by, errors = viewer_of(request), []
    access.keeps_staff(by)
    if request.method == "POST":
        sent, wrong = _sent(request)
        if not wrong:
            try:
                request.session[UPLOADED] = _loaded(sent, trial="check" in request.POST, by=by)
                return redirect("staff_upload")
            except PackFaults as faults:
                wrong = str(faults)
        errors = [("file", line) for line in wrong.splitlines()]
    given = {"errors": errors, "last": request.session.get(UPLOADED), "columns": list(STAFF)}
    return page(request, "place/staff_upload.jinja", given, status=422 if errors else 200)


@dataclass(frozen=True, slots=True)
class Sent:
    """A file of somebody's: its name, made safe, and what is in it."""

    name: str
    content: bytes


def _sent(request: HttpRequest) -> tuple[Sent, str]:
    """The file that came, or the one that was only looked at, and what is wrong with it."""
    looked_at, file = request.session.get(UPLOADED) or {}, request.FILES.get("file")
    if "looked" in request.POST and looked_at.get("trial"):
        return Sent(looked_at["file"], looked_at["content"].encode()), ""
    if file is None:
        return Sent("", b""), NO_FILE
    if (file.size or 0) > LARGEST:
        return Sent("", b""), TOO_LARGE
    name = get_valid_filename(file.name or "staff.csv")
    # (what is read by its name is never unpacked here)
    return (Sent(name, file.read()), "") if name.lower().endswith(".csv") else (Sent("", b""), NO_CSV)


@needs("run", DataClass.WORK)
@require_GET
def refused_lines(request: HttpRequest) -> HttpResponse:
    """The refused lines alone, as they were sent: to be put right and sent again."""
    access.keeps_staff(viewer_of(request))
    last = request.session.get(UPLOADED)
    if not last or not last["refused"]:
        raise NotFound("No line was refused.")
    named = {name for line in last["refused"] for name in line["sent"]}
    written = io.StringIO()
    lines = csv.DictWriter(written, [column.name for column in STAFF if column.name in named], lineterminator="\r\n")
    lines.writeheader()
    lines.writerows(line["sent"] for line in last["refused"])
    # spreadsheets take it for their own alphabet without the mark
    answer = HttpResponse("\ufeff" + written.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="refused-{get_valid_filename(last["file"])}"'
    return answer


def _loaded(sent: Sent, *, trial: bool, by: Viewer) -> dict[str, Any]:
    name = sent.name
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(sent.content)
        try:
            loaded = actions.load_practitioners(path=path, by=by, trial=trial)
        except PackFaults as faults:
            raise PackFaults([_shown(fault, folder) for fault in faults.faults]) from faults
    return {
        "file": name,
        "trial": trial,
        # what was only looked at can be loaded without being sent again
        "content": sent.content.decode() if trial else "",
        "sentence": loaded.sentence,
        "answer": _answer(loaded, name, trial=trial),
        "counts": [(words, loaded.counts[words]) for words in loaded.counts],
        "people": {word: getattr(loaded, word) for word in ("joined", "moved", "left", "changed")},
        "refused": [
            {"line": one.line, "code": one.code, "reason": _reason(one.reason, folder, name), "sent": dict(one.sent)}
            for one in sorted(loaded.refused, key=lambda one: one.line)
        ],
    }


def _can(many: int, trial: bool) -> str:
    return "can be" if trial else "was" if many == 1 else "were"


def _shown(words: str, folder: str) -> str:
    """Without the folder that this machine put the file into."""
    return words.replace(f"{folder}/", "")


def _reason(words: str, folder: str, name: str) -> str:
    """Why, without the file and line that stand beside it; the first letter as a sentence has it."""
    said = _shown(words, folder).partition(": ")[2] if _shown(words, folder).startswith(f"{name} line ") else words
    return said[:1].upper() + said[1:]


def _answer(loaded: actions.StaffLoaded, name: str, *, trial: bool) -> str:
    refused, taken = len(loaded.refused), loaded.lines - len(loaded.refused)
    said = f"{counted(taken, 'line')} of {name} {_can(taken, trial)} taken"
    said += f", {refused} {'cannot' if trial else f'{_can(refused, trial)} not'}" if refused else ""
    return f"{said}{'; nothing has been changed yet' if trial else ''}"
