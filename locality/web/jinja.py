"""The page templates' environment: strict about what a page must be given, and nothing unescaped."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from uuid import UUID

from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from jinja2 import ChainableUndefined, Environment, FileSystemLoader, PackageLoader, StrictUndefined
from markupsafe import Markup

from locality.web import trend, words

FILTERS = (
    words.day,
    words.short_day,
    words.moment,
    words.clock,
    words.ago,
    words.when,
    words.age,
    words.nhs_number,
    words.family_first,
    words.theirs,
    words.counted,
    words.clean_narrative,
    trend.dots,
)

VERSION = version("locality")

# what every page may leave out: a page without a request or a viewer (an error) still renders
UNSAID = {
    **{"signed_in": None, "nav": (), "undo": None, "csrf_input": "", "CSP_NONCE": ""},
    **{"about": None, "glass": None, "may_break": False},
    **{"acting": "", "subject": "", "more": (), "letters": None},
}


def environment(**options: object) -> Environment:
    """Jinja for Django's template setting; also on its own, for tests and static pages."""
    options.setdefault("loader", FileSystemLoader(Path(__file__).parent / "jinja2"))
    # a blank where a fact should be reads as "none": what a page was not given must fail aloud
    options.update(undefined=StrictUndefined, autoescape=True, lstrip_blocks=True)
    templates = Environment(**options)  # type: ignore[arg-type]  # noqa: S701 -- autoescape is set above
    templates.filters.update({words_filter.__name__: words_filter for words_filter in FILTERS})
    templates.globals.update(UNSAID, static=static, url=url, furniture=furniture, told_of=told_of, version=VERSION)
    return templates


def url(name: str, *parts: object) -> str:
    """An address; a list has hundreds, and to work each out anew took a third of the time of writing it."""
    if all(isinstance(part, UUID) for part in parts):
        return _pattern(name, len(parts), get_script_prefix()) % parts
    return reverse(name, args=parts)


@cache
def _pattern(name: str, parts: int, prefix: str) -> str:
    """An address with `%s` for each of its ids; the prefix is where the server put us, and is part of it."""
    marks = [str(UUID(int=number + 1)) for number in range(parts)]
    address = reverse(name, args=marks).replace("%", "%%")
    return re.sub("|".join(marks), "%s", address) if marks else address


def furniture(component: str, settings: Mapping[str, object]) -> Markup:
    """One of the design system's own macros, `button` or `password-input`; slow, so for forms and never for rows."""
    return design_system_macro(component)(settings)


def told_of(errors: Sequence[tuple[str, str]], name: str) -> dict[str, str] | None:
    """What is wrong with one field, as the design system's macros take it; None where nothing is."""
    words = " ".join(said for field, said in errors if field == name)
    return {"text": words} if words else None


@cache
def design_system_macro(component: str):  # noqa: ANN201 -- a Jinja macro has no public type
    # its templates read keys that are not there, which ours may not: so it has an environment of its own
    templates = Environment(loader=PackageLoader("nhsuk_frontend_jinja"), undefined=ChainableUndefined, autoescape=True)
    name = re.sub(r"-(\w)", lambda letter: letter[1].upper(), component)
    return getattr(templates.get_template(f"nhsuk/components/{component}/macro.jinja").module, name)
