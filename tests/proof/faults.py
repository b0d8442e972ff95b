# ruff: noqa: E501 -- a line of the code it changes is as long as it is
"""Faults to plant, each a small change of one file: a guard taken away or weakened. Every one must turn a test red.

The second wall would mask a predicate that was taken away, so they are judged with it down, as the proofs run anyhow.
"""

from dataclasses import dataclass
from pathlib import Path

SWEEP, CRAWL, PAIRED = "tests/proof/test_sweep.py", "tests/proof/test_crawl.py", "tests/proof/test_paired_worlds.py"
Asked = tuple[str, ...]
PROOF: Asked = (SWEEP, PAIRED, CRAWL)
# asked first, since they are quick: what they miss the proofs have to find
RULES: Asked = ("tests/access/test_rules.py", "tests/access/test_glass.py", "tests/access/test_marks.py")
STANDING_FIRST: Asked = (
    "tests/record/test_changes.py",
    "tests/access/test_glass.py",
    "tests/access/test_marks.py",
    "tests/access/test_open_record.py",
)
LISTED_FIRST: Asked = (
    "tests/access/test_knowing.py",
    "tests/access/test_predicate.py",
    "tests/record/test_changes.py",
    "tests/access/test_marks.py",
    "tests/access/test_open_record.py",
    "tests/neighbourhoods/test_kept_back.py",
)
GRANTED_FIRST: Asked = ("tests/access/test_predicate.py", "tests/access/test_open_record.py")
OPEN_RECORD: Asked = ("tests/access/test_knowing.py", "tests/access/test_open_record.py")
SUMMARY: Asked = ("tests/record/test_summary.py", "tests/access/test_predicate.py")
WALLS: Asked = ("tests/record/test_wall.py",)
PERSON_PAGE: Asked = ("tests/web/test_person_page.py",)
CHANGES: Asked = ("tests/record/test_changes.py",)
HEARD: Asked = ("tests/record/test_heard.py",)
SIGNING_IN: Asked = ("tests/web/test_signing_in.py",)
ACTING: Asked = ("tests/access/test_acting.py", "tests/web/test_acting.py")
RELEASE: Asked = ("tests/web/test_release.py",)
RIGHTS: Asked = ("tests/web/test_rights_page.py",)
OPENED: Asked = ("tests/record/test_opened.py", "tests/web/test_own_files.py")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is weakened, where, and which tests are asked, one set after another until one turns red."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[Asked, ...] = (PROOF,)

    def planted(self, text: str) -> str:
        """The file with the fault in it; the words must stand in it, or the fault has gone stale."""
        assert self.old in text, f"{self.name}: {self.file} no longer says {self.old!r}"
        return text.replace(self.old, self.new, 1)


def _of(file: str, *faults: tuple[str, str, str], tests: tuple[Asked, ...] = (PROOF,)) -> list[Fault]:
    return [Fault(name, file, old, new, tests) for name, old, new in faults]


DECIDING, KNOWING, STANDING = (
    f"access/{name}.py" for name in ("rules/deciding", "queries/knowing", "queries/standing")
)
GRANTED, OPENING, FINDING = (f"access/{name}.py" for name in ("queries/granted", "actions/opening", "actions/finding"))
IDENTITY, GUARD, REFUSALS = "access/actions/identity.py", "web/guard.py", "web/refusals.py"
ROWS, DOCUMENT, SIDES = "record/queries/rows.py", "record/queries/document.py", "record/queries/identity.py"

FAULTS = [
    *_of(
        DECIDING,
        ("min swapped for max", "    lowest = min(ceilings)", "    lowest = max(ceilings)"),
        ("a restricted label is ignored", 'else BY_MARK["label_R"]', "else PERMIT"),
        ("a very restricted label is ignored", 'return PERMIT if _is_released(row, context) else BY_MARK["label_V"]', "return PERMIT"),
        ("what was released is anybody's", "return row.released and context.relation == Relation.SELF", "return row.released"),
        ("what is kept from a proxy is shown", 'return BY_MARK["limits"] if kept', "return PERMIT if kept"),
        ("a seal is ignored", 'return BY_MARK["seal_sealed"] if row.seal == Seal.SEALED', "return PERMIT if row.seal == Seal.SEALED"),
        ("a lock is taken for a seal", 'else BY_MARK["seal_locked"]', 'else BY_MARK["seal_sealed"]'),
        ("dissent is ignored", 'return BY_MARK["dissent"] if context.dissent or', "return PERMIT if context.dissent or"),
        ("a protected address is ignored", 'else BY_MARK["address"]', "else PERMIT"),
        ("a conflict is ignored", 'return BY_MARK["conflict"] if', "return PERMIT if"),
        ("the purpose is ignored", 'PERMIT if viewer.purpose in CARES else BY_MARK["purpose"]', "PERMIT"),
        ("an override lifts a label of any kind", "if number == _LABEL and row.label != Label.RESTRICTED:", "if False:"),
        ("an override lifts a lock", "row.seal != Seal.SEALED or viewer.role", "viewer.role"),
        ("an override lifts a seal for anybody", "or viewer.role not in TABLES.lifts_seal", ""),
        ("an override lifts more than what asks", "if ceilings[number] != Answer.ASK:", "if False:"),
        ("everybody is told that more is held", "if answer == Answer.MASK and not _may_be_told(ceilings, viewer, row):", "if False:"),
        ("the dead are written to", 'BY_MARK["deceased"] if context.deceased and', "PERMIT if context.deceased and"),
        ("an unknown class is open", ".get(row.data_class, HIDE)", ".get(row.data_class, PERMIT)"),
        tests=(RULES, PROOF),
    ),
    *_of(
        KNOWING,
        ("a reason holds on the day it ends", "Q(ends_on__gt=on))", "Q(ends_on__gte=on))"),
        ("a reason holds before its first day", "return Q(starts_on__lte=on) & (", "return ("),
        ("an earlier identity is on lists", "~is_earlier(who) & _not_in_conflict", "_not_in_conflict"),
        ("an earlier identity may be opened from a search", " - who_is_earlier(person_ids)", ""),
        ("a conflict does not close lists", "return ~Q((f\"{who}__in\", people_barred(viewer, on=on)))", "return Q()"),
        ("what a person sealed is on the home page", "return opened & ~sealed(on, F(\"thing\")) & ", "return opened & "),
        ("dissent is ignored on the home page", " & ~(Q(Exists(dissented)) & ~Q(sender=viewer.organisation))", ""),
        ("the home page asks no predicate", "    return opened & ~sealed", "    return Q() & ~sealed"),
        ("what somebody sealed is on a team's list", "return ~sealed(on, F(\"pk\")) & ~dissented", "return ~dissented"),
        ("what somebody objects to is on a team's list", "return ~sealed(on, F(\"pk\")) & ~dissented", "return ~sealed(on, F(\"pk\"))"),
        tests=(LISTED_FIRST, PROOF),
    ),
    *_of(
        STANDING,
        ("a mark holds on the day it ends", "ends_on > %(on)s)\")", "ends_on >= %(on)s)\")"),
        ("an expired override is accepted", "made_at <= %(at)s and ends_at > %(at)s", "made_at <= %(at)s"),
        ("an override of another role is accepted", " and role = %(role)s\n", "\n"),
        ("anybody's override is accepted", " and practitioner_id = %(viewer)s and role", " and role"),
        ("an address grant of anybody is accepted", "(practitioner_id = %(viewer)s or team_id = any(%(teams)s)) and", ""),
        ("a conflict is not asked for", "OVERRIDES, CONFLICTS, ADDRESSES", "OVERRIDES, ADDRESSES"),
        ("what others objected to is not asked for", "kind = 'sharing' and {holds}", "kind = 'never' and {holds}"),
        ("the protection of one record is enough", "protected=any(one.protected for one in people)", "protected=False"),
        ("a team's reason is anybody's", "reason.team_id = any(%(teams)s) or", "reason.team_id is not null or"),
        tests=(STANDING_FIRST, PROOF),
    ),
    *_of(
        "access/queries/conflicting.py",
        ("a conflict of the household is ignored", "where conflict.kind = 'own_record' and", "where false and"),
        tests=(STANDING_FIRST, PROOF),
    ),
    *_of(
        STANDING,
        ("a proxy opens whom they did not choose", "if viewer.acts_for not in {one.pk for one in people} or", "if"),
        ("a protected address rests no right", "(one.live or not protected) for one in told", "True for one in told"),
        ("a decision to keep back releases", " and verdict = 'released'", ""),
        tests=(ACTING, RELEASE, RULES),
    ),
    *_of(
        "access/queries/acting.py",
        ("somebody acts for the dead", ", ~DIED", ""),
        ("a right that is over is offered", "Proxy.objects.filter(holds(day_of(viewer.at)))", "Proxy.objects.all()"),
        ("anybody's right is offered", "Q(proxy=viewer.id) | Q(proxy__merged_into=viewer.id), ", ""),
        tests=(ACTING,),
    ),
    *_of(
        "access/queries/rights.py",
        ("anybody sees who acts for whom", "    if not rules.may_review(viewer):\n", "    if False:\n"),
        ("it is told who acts for an earlier identity", ".exclude(is_earlier(\"kept\"))", ""),
        ("it is told that an earlier identity acts", ".exclude(is_earlier(\"kept_proxy\"))", ""),
        tests=(RIGHTS,),
    ),
    *_of(
        "web/privacy/rights.py",
        ("anybody ends a right on the officer's page", "    if not may_review(viewer):\n", "    if False:\n"),
        tests=(RIGHTS,),
    ),
    *_of(
        GRANTED,
        ("the predicate shows everything", "    return _rows(grant, _is_shown)", "    return Q()"),
        ("what the person sealed is shown", "    if grant.sealed:\n", "    if False:\n"),
        ("what is masked is shown", "return seen.answer >= Answer.REDACT", "return seen.answer >= Answer.MASK"),
        ("the label is left out of the predicate", "data_class__in=sorted(same), label__in=sorted(some), ", "data_class__in=sorted(same), "),
        ("the seal is left out of the predicate", ", seal__in=sorted(seals))", ")"),
        ("the class is left out of the predicate", "yield Q(data_class__in=sorted(same), ", "yield Q("),
        tests=(GRANTED_FIRST, PROOF),
    ),
    *_of(
        OPENING,
        ("a record opens to all", "    if not opening.opens:\n", "    if False:\n"),
        ("an earlier identity is opened", "    if who_is_earlier([same[0].pk]):\n", "    if False:\n"),
        ("opening is not written down", "    log(what=what, by=by, person=person.pk, about=about, detail=_right(opening, standing))\n", ""),
        tests=(OPEN_RECORD, PROOF),
    ),
    *_of(
        FINDING,
        ("finding is not written down", '    show(people_ids=[row.pk for row in shown], what="person.found", by=by)\n', ""),
        ("everybody may find", "    if not rules.may_find(by):\n", "    if False:\n"),
        ("a protected postcode area is told", 'person.postcode.split(" ")[0] if may_open and not person.protected else ""', 'person.postcode'),
        ("where somebody lives is told to whoever finds them", "if may_open and not person.protected else \"\",\n        practice", "if not person.protected else \"\",\n        practice"),
        ("the whole birth date is told to all", "person.birth_on if may_open else None", "person.birth_on"),
        tests=(OPEN_RECORD, PROOF),
    ),
    *_of(
        IDENTITY,
        ("anybody decides who is who", "    if not may_decide_identity(by):\n", "    if False:\n"),
        ("the queue is not written down", '    show(people_ids=list(people), what="identity.listed", by=by)\n', ""),
        ("those named beside are not written down", "        _named_beside(found.doubts, also=gone, but={found.person.pk}, by=by)\n", "        pass\n"),
        ("a decision of the earlier may be taken back", "    if label is None or _hidden(label):\n", "    if label is None:\n"),
        tests=(("tests/access/test_identity.py",), ("tests/web/identity/test_person_page.py",), PROOF),
    ),
    *_of(
        GUARD,
        ("a stale tab is believed", 'if request.method == "POST" and "person_id" in told and', "if False and"),
        ("what was typed for one is sent for another", "if about != str(viewer.acts_for or viewer.id) and", "if False and"),
        ("a page is open to whoever is not signed in", "            if viewer is None:\n", "            if False:\n"),
        ("the wall is not put up", "            with wall.up(viewer):\n", "            if True:\n"),
        tests=(SIGNING_IN, ("tests/proof/test_both_walls.py", SWEEP), ACTING),
    ),
    *_of(
        REFUSALS,
        ("a refusal is not written down", "    refuse(what=f", "    (lambda **_: None)(what=f"),
        ("what is not there says why", 'page(request, "not_found.jinja", {}, status=404)', 'page(request, "refused.jinja", {"heading": "-", "text": str(exception), "what_next": []}, status=404)'),
        ("an error tells its words", "fault=kind.__name__ if kind else", "fault=str(sys.exc_info()[1]) if kind else"),
        tests=(("tests/proof/test_both_walls.py", "tests/web/test_access_pages.py"), PROOF),
    ),
    *_of(
        ROWS,
        ("lists show removed and wrong rows", "and is_current and not removed and state <> 'wrong' and {predicate}", "and is_current and {predicate}"),
        ("lists ask no predicate", "state <> 'wrong' and {predicate}", "state <> 'wrong' and (true or {predicate})"),
        ("lists ask for everybody", "where patient_id in (select patient_id from people_link where person_id = any(%s) and ended_at is null)", "where (true or person_id_is(%s))".replace("person_id_is(%s)", "%s::uuid[] is null")),
        tests=(SUMMARY, PROOF),
    ),
    *_of(
        ROWS,
        ("links that ended still hold", "Link.objects.filter(person__in=grant.person_ids, ended_at=None)", "Link.objects.filter(person__in=grant.person_ids)"),
        tests=(("tests/record/test_links_that_ended.py",), PROOF),
    ),
    *_of(
        ROWS,
        ("what was said to be somebody else's is one's own to read", "    if _reads_own(grant):\n        return", "    if False:\n        return"),
        ("what was said to be somebody else's is one's own among what is held", "    if _reads_own(grant):\n        said", "    if False:\n        said"),
        tests=(OPENED, ("tests/record/test_remarks.py", "tests/web/test_rights_page.py"), PROOF),
    ),
    *_of(
        DOCUMENT,
        ("older versions ask no predicate", "Resource.objects.filter(visible(grant), thing=row.thing, patient__in=linked(grant), is_current=False)", "Resource.objects.filter(thing=row.thing, patient__in=linked(grant), is_current=False)"),
        ("an attachment of a redacted line is handed out", "[] if redacts(grant, row.data_class) else _carried(row)", "_carried(row)"),
        ("the original tells a protected address", 'if view.tells_place else PLACE_PROTECTED', "if True else PLACE_PROTECTED"),
        ("a line that is only shown by its title opens", "    if not contents.opens(row):\n", "    if False:\n"),
        tests=(OPENED, PROOF),
    ),
    *_of(
        SIDES,
        ("the banner tells the address", "    return DataClass.LOC in grant.opening.whole\n", "    return True\n"),
        tests=(OPENED, PROOF),
    ),
    *_of(
        "people/queries/finding.py",
        ("earlier identities and aliases are found", "Person.objects.filter(merged_into=None).exclude(is_earlier())", "Person.objects.filter(merged_into=None)"),
        tests=(("tests/people/test_finding.py", "tests/people/test_earlier.py"), PROOF),
    ),
    *_of(
        "people/queries/earlier.py",
        ("nobody is an earlier identity", "    return {root or pk for pk, root in rows}", "    return set()"),
        tests=(("tests/people/test_earlier.py", "tests/people/test_adding.py"), PROOF),
    ),
    *_of(
        "people/queries/review.py",
        ("the queue pairs somebody with whom they were", "where (apart.one, apart.other) in ((one.person_id", "where false and (apart.one, apart.other) in ((one.person_id"),
        tests=(("tests/people/test_earlier.py", "tests/access/test_identity.py"), PROOF),
    ),
    *_of(
        "record/queries/holdings.py",
        ("what is sensitive is counted for the custodian", ".filter(data_class__in=COUNTED, label=Label.NORMAL, seal=Seal.NONE)", ""),
        tests=(("tests/record/test_holdings.py",), PROOF),
    ),
    *_of(
        "record/queries/sources.py", ("anybody reads what was refused", "    _may(viewer)\n    row = Quarantine", "    row = Quarantine"),
        tests=(("tests/record/test_sources_state.py", "tests/web/test_sources_pages.py"), PROOF),
    ),
    *_of("neighbourhoods/queries/referrals_received.py", ("anybody reads what referral was refused", "    check_may_look_after(viewer)\n    row = ", "    row = "), tests=(("tests/neighbourhoods/test_referrals_received.py",), PROOF)),
    *_of(
        "web/jinja2/original.jinja",
        ("a template trusts what was sent", "{{ original }}", "{{ original | safe }}"),
        tests=(("tests/test_house.py",), PERSON_PAGE),
    ),
    *_of(
        "web/headers.py",
        ("pages may be kept by the browser", 'response.setdefault("Cache-Control", "no-store")', ""),
        tests=(PERSON_PAGE,),
    ),
    *_of(
        "access/queries/viewers.py",
        ("a team that ended still counts", "and member.starts_on <= %(on)s and (member.ends_on is null or member.ends_on > %(on)s)", ""),
        ("a role holds on the day it ends", "and (role.ends_on is null or role.ends_on > %(on)s)", "and (role.ends_on is null or role.ends_on >= %(on)s)"),
        tests=(("tests/access/test_knowing.py",), SIGNING_IN, ("tests/access",)),
    ),
    *_of(
        "record/queries/holdings.py",
        ("what the person sealed is counted for the custodian", ".exclude(thing__in=sealed_things(on=day_of(viewer.at)))", ""),
        ("what is wrong is counted for the custodian", ".exclude(state=State.WRONG)", ""),
        tests=(("tests/record/test_holdings.py",), (PAIRED,)),
    ),
    *_of(
        "record/actions/heard.py",
        ("a restricted line moves somebody up a list", "and row.label = 'N' and row.seal = ''", "and row.seal = ''"),
        ("a sealed line moves somebody up a list", "and row.label = 'N' and row.seal = ''", "and row.label = 'N'"),
        ("what the person sealed moves them up a list", "    and not exists (\n", "    and not (false) or exists (\n"),
        ("a mistake moves somebody up a list", "and row.state <> 'wrong'", ""),
        tests=(HEARD, (PAIRED,)),
    ),
    *_of(
        "record/queries/changes.py",
        ("a list is sorted by what its reader may not see", "where data_class = any((select classes from told)::text[])", "where true"),
        ("what somebody objects to sharing moves them up a list", "where objection.kind = 'sharing'", "where objection.kind = 'never'"),
        ("a long list counts whoever was heard of", "least(changed.many, {most:d})", "changed.many"),
        tests=(CHANGES, (PAIRED,)),
    ),
    *_of(
        REFUSALS,
        ("a guess is not written down", '            refuse(what=f"page.{match.url_name}", by=viewer, about=about, reason=NOTHING_THERE)\n', "            pass\n"),
        ("a guess names whom it was about", "by=viewer, about=about, reason=NOTHING_THERE", "by=viewer, person=_person(request), about=about, reason=NOTHING_THERE"),
        tests=(("tests/web/test_privacy_pages.py",), PROOF),
    ),
    *_of(
        "record/migrations/0005_wall.py",
        ("row security is not forced", "force row level security", "enable row level security"),
        tests=(WALLS,),
    ),
    *_of(
        "record/migrations/0008_wall_before_concerns.py",
        ("concerns are not behind the wall", "alter table record_concern force row level security", "alter table record_concern enable row level security"),
        ("who may be the cause gets past the wall", " and not {VIEWER} = any(kept_from)", ""),
        ("whoever raised a concern reads its cause again", "create policy raiser on record_alleged for insert with check (", "create policy raiser on record_alleged using ("),
        tests=(WALLS,),
    ),
    *_of(
        "neighbourhoods/migrations/0017_wall.py",
        ("the work of teams is not behind the wall", "force row level security;\n\"\"\"\n\n\ndef _open", "enable row level security;\n\"\"\"\n\n\ndef _open"),
        tests=(WALLS,),
    ),
    *_of(
        "neighbourhoods/migrations/0017_wall.py",
        ("the work of a team is shown to its whole employer", "(team_id is null and sender_id = {EMPLOYER})", "(sender_id = {EMPLOYER})"),
        ("a team's work is shown in every class", "({own}) and {CLASSES}", "({own})"),
        ("what hangs on a team's work is shown to everybody", "where one.id = {column}_id)", "where true)"),
        tests=(("tests/neighbourhoods/test_work_behind_the_wall.py",),),
    ),
    *_of(
        "access/wall.py",
        ("every practitioner is a lead to the wall", "if viewer and is_practitioner and viewer.role == RoleCode.SAFEGUARDING_LEAD else []", "if viewer else []"),
        tests=(WALLS,),
    ),
    *_of(
        "access/wall.py",
        ("the wall lets every class through", 'classes = sorted({*classes_told', 'classes = sorted({"SAFE", *classes_told'),
        tests=(WALLS,),
    ),
    *_of(
        "web/person/views.py",
        ("a form acts when it is only opened", '@needs("act", DataClass.SUM)\n@require_POST\ndef hers_after_all', '@needs("act", DataClass.SUM)\ndef hers_after_all'),
        tests=((SWEEP,),),
    ),
    *_of(
        "access/actions/marking.py",
        ("a mark is ended on anybody's page", "    return person_id is None or whose_mark in", "    return True or whose_mark in"),
        tests=((SWEEP,),),
    ),
    *_of(
        "population/queries/finding.py",
        ("people nobody looks after are on a list", "return rows.filter(kept__in=known, person__died=False)", "return rows.filter(person__died=False)"),
        ("any team's list is everybody's", "rows_of(viewer=viewer, context=OWN), mine)", "rows_of(viewer=viewer, context=OWN))"),
        ("a role that reviews nobody sees the lists", "if not may_review_found(viewer):", "if False:"),
        ("a reason tells of a line that is hidden", "row.thing in lines if row.thing else", "True if row.thing else"),
        ("what is worked out tells of what is objected to", "else whose[row.found_id] not in objecting", "else True"),
        tests=(("tests/population/test_reviewing.py",), PROOF),
    ),
    *_of(
        "neighbourhoods/queries/seen.py",
        ("a team's work about whom it may not know is shown", ".filter(Q(kept__in=known) | Q(person=None), not_kept_back", ".filter(not_kept_back"),
        ("a team's work is every team's", "rows.filter(own, shown)", "rows.filter(shown)"),
        ("a team's work asks no predicate", "rows.filter(own, shown)", "rows.filter(own)"),
        tests=(("tests/neighbourhoods",), PROOF),
    ),
    *_of(
        "neighbourhoods/queries/seen.py",
        ("what other teams sent is on the list of those who send", "return Q(team__in=viewer.teams) | Q(team=None, sender=viewer.organisation)", "return Q()"),
        ("what was sent to others is on the list of those who receive", "return Q(to_team__in=viewer.teams) | Q(to_team=None, to_organisation=viewer.organisation)", "return Q()"),
        ("what was told to another organisation is in the inbox", "Q(team=None, organisation=viewer.organisation)", "Q(team=None)"),
        tests=(("tests/neighbourhoods/test_outbox.py", "tests/neighbourhoods/test_referrals.py", "tests/neighbourhoods/test_told_to_an_organisation.py"), PROOF),
    ),
    *_of(
        "neighbourhoods/queries/outbox.py",
        ("what is not sent yet is read by whom it is for", "    return rows.filter(state__in=REACHED)\n", "    return rows\n"),
        ("whoever acts reads what is kept back from them", "    return rows.exclude(data_class__in=sorted(kept))\n", "    return rows\n"),
        ("messages about anybody are the reader's own", "filter(to_kind=ToKind.PERSON, to_id__in=ids, person__in=ids)", "filter(to_kind=ToKind.PERSON)"),
        tests=(("tests/neighbourhoods/test_outbox.py", "tests/web/test_mine_pages.py"), PROOF),
    ),
    *_of(
        "neighbourhoods/queries/untold.py",
        ("whoever acts is told of it where the need is not in words", " | Q(to_service__needs__overlap=sorted(PRIVATE))\n", "\n"),
        ("whoever acts reads who helps against them", "if one.id not in reasons and (one.kind", "if (one.kind"),
        ("who looked tells whoever acts", "    return frozenset((asked - known) | set(", "    return frozenset(set() and set("),
        tests=(("tests/neighbourhoods/test_untold.py",), PROOF),
    ),
    *_of(
        "neighbourhoods/queries/leaving.py",
        ("what was written about another leaves", "wrong_person=_is_about_another(message.about_id, ids)", "wrong_person=False"),
        ("letters go to the dead", "died=any(one.died for one in people)", "died=False"),
        ("whoever knows them no more still writes", "related=_knows(message, ids, at=at)", "related=True"),
        ("an objection stops no message", "objected=objected(ids, sender=message.sender_id, to=message.to_organisation_id, on=on)", "objected=False"),
        ("a protected address goes on an envelope", "protected=any(one.protected for one in people)", "protected=False"),
        tests=(("tests/neighbourhoods/test_sending.py",), PROOF),
    ),
    *_of(
        "neighbourhoods/queries/referral_links.py",
        ("a link opens after its day", "ended_at=None, expires_at__gt=at", "ended_at=None"),
        ("a link opens once it was ended", "ended_at=None, expires_at__gt=at", "expires_at__gt=at"),
        ("a link opens what is over", "    if row is None or row.referral.state not in OPEN:\n", "    if row is None:\n"),
        ("links are guessed without an end", "count() >= WRONG_LINKS", "count() < 0"),
        ("a link tells the surname", "first_name=person.likes or person.given", "first_name=person.name"),
        tests=(("tests/neighbourhoods/test_referral_links.py",), PROOF),
    ),
    *_of(
        "neighbourhoods/queries/corrections.py",
        ("what is asked to be put right is read by every team", "return seen_by(viewer, rows, whose=received_by(viewer))", "return rows"),
        ("what a role does not open is read where it is to be put right", "opens=row.data_class in whole and row.pk", "opens=row.pk"),
        ("a protected address is read where it is to be put right", "and row.pk not in kept", ""),
        tests=(("tests/neighbourhoods/test_corrections.py",), PROOF),
    ),
    *_of(
        "directory/queries/services.py",
        ("the public finds what is not for them", "    and (not %(public_only)s or s.is_public)\n", ""),
        ("the public is told where a hub is", "rows.exclude(pk__in=kept_from_the_public())", "rows"),
        ("the public finds how far a hub is", "kept_from_the_public() if asked.public_only and self.near else []", "[]"),
        tests=(("tests/directory", "tests/web/test_public_pages.py"), PROOF),
    ),
    *_of(
        "neighbourhoods/queries/transfers.py",
        ("a move is seen by a third side", "    return rows.filter(Q(from_organisation=viewer.organisation) | Q(to_organisation=viewer.organisation))\n", "    return rows\n"),
        tests=(("tests/neighbourhoods/test_transfers.py", "tests/web/test_transfer_pages.py"), PROOF),
    ),
]  # fmt: skip


def stale(package: Path) -> list[str]:
    """Faults whose place has gone: the code has moved on, and the list must follow."""
    return [one.name for one in FAULTS if one.old not in (package / one.file).read_text("utf-8")]
