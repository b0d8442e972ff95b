"""Every address there is, read from urls.py, and how each is reached in the world.

A route whose parts are known here (a person, a line, a pair) is reached by itself. One with a part that nobody has
told of, or that only takes a form, fails the proofs until it is added below: nothing is left out silently.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any
from uuid import UUID

from django.urls import URLPattern, get_resolver, reverse

from locality.access.models import Role
from tests import factories as make
from tests.proof import expected
from tests.proof.world import Looker, World

ABSENT = UUID("00000000-0000-4000-8000-000000000000")


@dataclass(frozen=True)
class Ask:
    """One request: a page, a part of a page, or a form."""

    route: str
    path: str
    kwargs: dict[str, Any] = field(default_factory=dict)
    method: str = "GET"
    data: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def is_opened_plainly(self) -> bool:
        """Whether it asks for a page by its address alone."""
        return self.method == "GET" and not self.data and not self.headers

    @property
    def person(self) -> UUID | None:
        return self.kwargs.get("person_id")

    def __str__(self) -> str:
        return f"{self.method} {self.route} {self.path} {self.data or ''}"


def routes() -> dict[str, URLPattern]:
    """Every route by its name; one without a name could not be told of."""
    found, waiting = {}, list(get_resolver().url_patterns)
    while waiting:
        one = waiting.pop()
        if isinstance(one, URLPattern):
            assert one.name, f"Give {one.pattern} a name."
            found[one.name] = one
        else:
            waiting += one.url_patterns
    return found


def parts(route: URLPattern) -> list[str]:
    """The names of what stands between the slashes."""
    return re.findall(r"<(?:\w+:)?(\w+)>", str(route.pattern))


# what a code is of, where the word alone does not say it
CODES = {
    **dict.fromkeys(["neighbourhood", "neighbourhood_picture", "neighbourhood_table"], ["hilltop"]),
    "organisation": ["MILL", "RSB"],
    "team": ["riverside", "hilltop"],
    "quarantine": ["gp"],
    "retry": ["gp"],
    "quarantine_original": ["gp"],
    **dict.fromkeys(["referrals_received", "referrals_retry", "referral_original"], ["gp"]),
    **dict.fromkeys(["referral_dismiss", "referral_put_back"], ["gp"]),
    **dict.fromkeys(["measure", "measure_months", "measure_groups", "measure_published"], ["falls-admissions-65"]),
    **dict.fromkeys(["cohort", "cohort_mine"], ["frail-at-home"]),
    "sign_on": ["nowhere"],
    "sign_on_back": ["nowhere"],
}
# what a form of several does
DOING = {"referral_move": "accept", "caseload_change": "review", "candidate_answer": "decline", "team_change": "away"}
# forms that only look: what is sent with them
LOOKS = {"find", "open_person", "identity_join", "identity_split", "identity_apart", "add", "privacy_find"}
LOOKS |= {"privacy_acting", "key_safe"}
LOOKS |= {"directory", "outbox", "referrals"}
# forms that change something: they are sent, filled in with anything, by whoever may not and by nobody (test_roles.py)
CHANGES = {
    *("identity_say", "identity_take_back", "identity_place", "not_hers", "hers_after_all", "retry", "sign_out"),
    *("staff_add", "staff_move", "staff_role", "staff_role_end", "staff_leave", "staff_undo", "staff_upload"),
    *("sign_in", "choose_role", "objection", "objection_withdrawn", "proxy_ended", "conflict", "break_glass"),
    *("close_glass", "concern_acknowledge", "concern_close", "concern_withdraw", "staff_sign_in_change"),
    *("concern_put_back", "concern_reopen"),
    *("identity_number_settle", "identity_number_back", "make_codes", "remove_factor", "end_session"),
    *("sign_out_everywhere", "send_kept", "drop_kept", "follow_link", "finding_review", "finding_undo"),
    *("proxy_made", "release_decided", "release_taken_back", "me_act_for", "me_proxy_ended"),
    *("seal", "unseal", "address_granted", "address_ended", "watch_made", "watch_ended", "conflict_made"),
    *("caseload_change", "caseload_back", "candidate_answer", "candidate_wait", "team_change", "team_week"),
    *("conflict_ended", "seal_ended", "cohort_mine", "privacy_proxy_ended"),
    *("task_new", "person_task", "task_move", "task_undo", "task_take", "task_change", "task_hand", "task_help"),
    *("task_remind", "task_answer", "task_helped", "alert_take", "alert_finish", "alert_undo", "alert_hand"),
    "alert_task",
    *("message_write", "message_posted", "message_withdraw", "message_retry", "message_answered"),
    # referrals
    *("refer", "referral_move", "referral_undo", "referral_unsent", "referral_link", "referral_by_link"),
    *("referral_follow", "referrals_retry", "referral_dismiss", "referral_put_back"),
    # meetings
    *("meeting_series", "meeting_series_ended", "meeting_draw", "meeting_skipped", "meeting_who", "meeting_opened"),
    *("meeting_closed", "meeting_arranged", "meeting_written", "meeting_added", "meeting_taken_back"),
    *("plan_write", "plan_confirm", "plan_went", "plan_remove", "plan_undo"),
    *("me_plan_write", "me_plan_confirm", "me_plan_went", "me_plan_undo"),
    *("assessment_begin", "assessment_answer", "assessment_finish", "assessment_add"),
    *("note", "note_draft", "note_draft_dropped", "note_after_all", "contact_add", "contact_take"),
    *("key_safe_kept", "key_safe_ended"),
    # the directory
    *("service_room", "service_report", "service_answer", "service_change", "service_assure", "service_close"),
    "service_reopen",
    # services that move
    *("transfer_new", "transfer_change", "transfer_agree", "transfer_start", "transfer_along", "transfer_sign"),
    *("transfer_undo", "transfer_withdraw", "transfer_people"),
    # one's own pages, and what is asked to be put right
    *("me_text", "me_message_answer", "me_object", "me_object_no_more", "me_correct", "me_correction_withdraw"),
    *("correction_answer", "correction_undo"),
    # support and classes
    *(
        "support_begin",
        "support_belongs",
        "support_need",
        "support_need_settled",
        "support_contact",
        "support_contact_undo",
    ),
    *("support_offer", "support_offer_moved", "support_wellbeing", "support_tell", "support_finish", "support_reopen"),
    "support_hand",
    *(
        "class_new",
        "person_class",
        "class_places",
        "class_changed",
        "class_invite",
        "class_place_moved",
        "class_attended",
    ),
    *("class_cancelled", "class_put_back", "class_measured"),
}
# pages with a secret or a challenge that is new each time: no two answers are alike
NEW_EACH_TIME = {"with_passkey", "add_passkey", "add_app", "app_picture", "prove"}


def values(world: World, route: str, part: str, key: str) -> list[Any] | None:
    """What may stand in one part of an address about one person; None where nobody has told."""
    stranger = world.lookers["stranger"].practitioner
    known: dict[str, Callable[[], list[Any] | None]] = {
        "person_id": lambda: [world.people[key].person],
        "thing": lambda: world.things(key),
        "number": lambda: [0],
        "version": lambda: [1],
        "chapter": lambda: ["all", "hospital"],
        "code": lambda: CODES.get(route),
        "topic": lambda: ["needs", "falls"],
        "practitioner_id": lambda: [stranger.pk],
        "other_id": lambda: [world.people["referred"].person],
        "role_id": lambda: list(Role.objects.filter(practitioner=stranger).values_list("pk", flat=True)),
        "pair_id": lambda: [world.ids["pair"], world.ids["pair of the earlier"]],
        "label_id": lambda: [world.ids["label"], world.ids["label of the earlier"]],
        "name": lambda: CODES.get(route, ["overall", "by"]),
        **{part: lambda part=part: [world.ids[one] for one in SEVERAL[part]] for part in SEVERAL},  # type: ignore[misc]
        "purpose": lambda: ["forgotten", "invitation"],
        "token": lambda: ["nothing"],
        "team_id": lambda: [make.team("riverside").pk],
        "member_id": lambda: [world.lookers["clinician"].practitioner.pk],  # type: ignore[union-attr]
        "doing": lambda: [DOING[route]],
        "what": lambda: ["invite", "email", "sign-out", "try-again", "lost"],
    }
    if part in known:
        return known[part]()
    if route in TAKES_BACK:
        return [world.ids[TAKES_BACK[route]]]
    return [world.ids[part]] if part in world.ids else None


# what is taken back is not what else stands at such an address
TAKES_BACK = {"caseload_back": "place that is off", "candidate_wait": "candidate not taken on"}
# rows of which more than one waits
SEVERAL = {
    "concern_id": ["concern", "concern of long ago", "concern of another"],
    "question_id": ["question_id", "question of a proxy", "question for another"],
    "correction": ["correction", "correction of the earlier"],
    "note_id": ["note of own", "note of unknown"],
    "file_id": ["file of own", "file of unknown"],
    "contact_id": ["contact of own", "contact of unknown"],
    "message_id": ["message of own", "message to own"],
    "support_id": ["support of own", "support of unknown"],
    "place_id": ["place of own", "place of unknown"],
}
HOW = "tell the crawl how to reach it: add what stands in its address to tests/proof/routes.py"


# what else opens of a line besides the line itself: the same rows, so of a few people only
OF_A_LINE = {"original", "not_hers", "attachment", "seal", "me_file"}
# of which a few lines tell as much as all: every hidden one is asked for by the sweep
OF_A_FEW_LINES, FEW_LINES = {"seal", "not_hers"}, 8


def reached(world: World, *, keys: list[str], lines_of: list[str]) -> Iterator[Ask]:
    """Every address that can be asked for: about these people, and every line of some of them."""
    for name, route in routes().items():
        if name in CHANGES and not _is_read(route):
            continue
        named = parts(route)
        for key in keys if "person_id" in named else ["own"]:
            told = [values(world, name, part, key) for part in named]
            assert None not in told, f"The route {name} ({route.pattern}) is new to the proofs: {HOW}."
            if "thing" in named:
                told[named.index("thing")] = _lines(world, name, key, whole=key in lines_of)
            for one in product(*told):
                kwargs = dict(zip(named, one, strict=True))
                yield Ask(name, reverse(name, kwargs=kwargs), kwargs)


def changing(world: World, *, key: str = "own") -> Iterator[Ask]:
    """Each form that changes something, sent about one person and filled in somehow; absent what nobody told of."""
    about = str(world.people[key].person)
    for name in sorted(CHANGES):
        route = routes()[name]
        kwargs = {part: (values(world, name, part, key) or [ABSENT])[0] for part in parts(route)}
        yield Ask(name, reverse(name, kwargs=kwargs), kwargs, "POST", {"about": about, "words": "Because"})


def _lines(world: World, name: str, key: str, *, whole: bool) -> list[UUID]:
    """Of which lines one route is asked for."""
    lines = world.things(key)
    if not whole:
        return lines[:1] if name in OF_A_LINE else lines[:2]
    if name in ("attachment", "me_file"):
        return [one for one in lines if one in world.letters]
    return lines[:FEW_LINES] if name in OF_A_FEW_LINES else lines


READ_TOO = {"not_hers", "seal", "staff_add", "staff_upload", "staff_leave", "break_glass", "sign_in", "choose_role"}
READ_TOO |= {"team_week"}
READ_TOO |= {"task_new", "person_task", "refer", "referral_by_link"}
READ_TOO |= {"meeting_series"}
READ_TOO |= {"note", "contact_add"}
READ_TOO |= {"service_change"}
READ_TOO |= {"message_write"}
READ_TOO |= {"transfer_new", "transfer_undo", "transfer_people"}
READ_TOO |= {"referral_dismiss"}
READ_TOO |= {"me_correct"}
READ_TOO |= {"support_begin", "class_new", "person_class"}


def _is_read(route: URLPattern) -> bool:
    return route.name in READ_TOO


# parts of pages, prints and lists under other questions
ALSO = {
    "timeline": [({}, {"HX-Request": "true"})],
    "document": [({}, {"HX-Request": "true"})],
    "finding": [({"list": "fell"}, {}), ({"list": "named"}, {})],
    "tasks": [({"of": "team"}, {})],
    "inbox": [({"of": "team"}, {})],
    "outbox": [({"of": "mine"}, {})],
    "referrals": [({"of": "sent"}, {}), ({"of": "all"}, {})],
    "support": [({"of": "team"}, {})],
    "identity": [({"neighbourhood": "hilltop"}, {}), ({"why": "possible"}, {})],
}


def looked_for(world: World, *, everything: bool) -> list[Ask]:
    """Searches by everything that is held of anybody: only names and numbers may find."""
    return [*_searches(world, everything=everything)]


def _searches(world: World, *, everything: bool) -> Iterator[Ask]:
    yield _find("Given", born="1941")
    yield _find("Nobody", born="5/5/1950")
    for one in world.people.values():
        yield _find(one.family)
        if everything or one.key in SOUGHT:
            yield _find(one.nhs_number)
            yield _find(f"{one.given} {one.family}")
    for marker in world.markers.every:
        if marker.data_class == "LOC" and (everything or marker.of in SOUGHT):
            yield _find(marker.text)


SOUGHT = ("own", "protected", "before", "unknown")


def _find(words: str, **other: str) -> Ask:
    return Ask("find", reverse("find"), {}, "POST", {"words": words} | other)


def forms_that_look(world: World, keys: list[str]) -> Iterator[Ask]:
    """Forms that show something before anything is done."""
    for key in keys:
        one = world.people[key]
        told, about = {"person_id": one.person}, {"about": str(one.person)}
        yield Ask("open_person", reverse("open_person", kwargs=told), told, "POST", about)
        yield Ask("key_safe", reverse("key_safe", kwargs=told), told, "POST", about)
        join = reverse("identity_join", kwargs=told)
        yield Ask("identity_join", join, told, "POST", about | {"words": world.people["own"].family})
        yield Ask("identity_join", join, told, "POST", about | {"other": str(world.people["own"].person)})
        yield Ask(
            "identity_split", reverse("identity_split", kwargs=told), told, "POST", about | {"leaves": str(ABSENT)}
        )
        apart = reverse("identity_apart", kwargs=told)
        yield Ask("identity_apart", apart, told, "POST", about | {"words": world.people["own"].family})
        yield Ask("identity_apart", apart, told, "POST", about | {"other": str(world.people["own"].person)})
    for words in (world.people["own"].family, world.people["before"].family, "Stranger Looker"):
        yield Ask("privacy_find", reverse("privacy_find"), {}, "POST", {"words": words})
        yield Ask("privacy_acting", reverse("privacy_acting"), {}, "POST", {"name": words})
    yield Ask("privacy_acting", reverse("privacy_acting"), {}, "POST", {"which": "resting"})
    yield Ask("add", reverse("add"), {}, "POST", {"words": f"Given {world.people['unknown'].family}", "born": "1946"})


# one who opens, one who decides who is who: they are asked about everybody, others about those who differ for them
WIDELY = ("clinician", "identity_custodian")
FEWER = ["own", "referred", "visited", "ended", "elsewhere", "unknown", "protected", "before", "objector"]
ONE_OF_EACH_RELATION = FEWER[:6]


def whole(world: World, looker: Looker, *, everything: bool = False) -> list[Ask]:
    """Everything one viewer is crawled with: with all lines of all people, or of those about whom most is hidden."""
    keys = list(world.people)
    opens = any(expected.may_open(looker, world, key) for key in keys)
    lines_of = keys if everything else ["own"] if opens or looker.person else []
    if not everything and looker.key not in WIDELY:
        keys = FEWER if opens else ONE_OF_EACH_RELATION
    found = list(reached(world, keys=keys, lines_of=lines_of))
    found += _also(found, own=world.people["own"].person, most=len(found) if everything else FEW_LINES)
    widely = everything or looker.key in WIDELY
    found += looked_for(world, everything=everything)[: None if widely else 12 if expected.may_find(looker) else 3]
    return [*found, *forms_that_look(world, keys if looker.role == "identity_custodian" else keys[:3])]


def _also(asks: list[Ask], *, own: UUID, most: int) -> list[Ask]:
    """The same pages as a part, which is the page without its frame, or under another question; of a few lines."""
    found = []
    for route, others in ALSO.items():
        again = [one for one in asks if one.route == route and one.person in (None, own)][:most]
        found += [Ask(route, one.path, one.kwargs, data=data, headers=told) for one in again for data, told in others]
    return found
