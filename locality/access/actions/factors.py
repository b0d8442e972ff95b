"""Second factors: an app that shows codes, passkeys, codes on paper. Secrets come sealed from the edge."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

import pyotp
from django.db import transaction
from django.utils.crypto import constant_time_compare

from locality.access.actions.accounts import tell_owner
from locality.access.actions.signing_in import _for_another, end_sessions, refuse_sign_in
from locality.access.models import Account, Factor, FactorsLost, RecoveryCode, WrongTry
from locality.access.queries import accounts
from locality.access.queries.accounts import mark
from locality.access.rules import signing_in as rules
from locality.access.rules.signing_in import Changed
from locality.base import NotFound, Refused, Viewer
from locality.journal.actions import log

# a telephone's clock may be half a minute out
STEPS_EITHER_WAY = 1
STEP_SECONDS = 30
LAST = (
    "One of your roles needs a second factor, and this is the only one you have. Add another first, then remove this."
)
NOT_THAT_CODE = "That code does not fit. Look at the app again: a code lasts half a minute."


@transaction.atomic
def add_app(*, account_id: UUID, name: str, secret: str, sealed: bytes, code: str, at: datetime) -> Factor:
    """Add an app that shows codes, once it has shown a right one; `sealed` is the secret as it is kept."""
    step = _step(secret, code, after=0, at=at)
    if step is None:
        raise Refused(NOT_THAT_CODE)
    factor = Factor.objects.create(
        account_id=account_id, kind="app", name=name.strip()[:60] or "App", kept=sealed, count=step, made_at=at,
        used_at=at,
    )  # fmt: skip
    return _added(factor, at=at)


@transaction.atomic
def add_passkey(*, account_id: UUID, name: str, credential: bytes, key: bytes, at: datetime) -> Factor:
    """Add a passkey that the edge has verified; refused where it is known already."""
    if Factor.objects.filter(credential=credential).exists():
        raise Refused("This passkey is registered already.")
    factor = Factor.objects.create(
        account_id=account_id, kind="passkey", name=name.strip()[:60] or "Passkey", kept=key, credential=credential,
        made_at=at,
    )  # fmt: skip
    return _added(factor, at=at)


def _added(factor: Factor, *, at: datetime) -> Factor:
    one = accounts.account(factor.account_id)
    log(what="factor.added", by=accounts.signer(one, at=at), about=one.pk, detail={"kind": factor.kind})
    return factor


@transaction.atomic
def remove_factor(*, account_id: UUID, factor_id: UUID, at: datetime) -> None:
    """Remove a second factor of one's own; refused for the last where a role needs one."""
    Account.objects.select_for_update(of=("self",)).get(pk=account_id)
    held = accounts.held(account_id=account_id, at=at)
    factor = next((one for one in held.factors if one.pk == factor_id), None)
    if factor is None:
        raise NotFound("There is no such second factor of yours.")
    if held.needs_factor and len(held.factors) == 1:
        raise Refused(LAST)
    factor.delete()
    if len(held.factors) == 1:
        RecoveryCode.objects.filter(account=account_id).delete()
    by = accounts.signer(held.account, at=at)
    log(what="factor.removed", by=by, about=held.account.pk, detail={"kind": factor.kind})


@transaction.atomic
def remove_factors(*, account: Account, by: Viewer) -> bool:
    """Take away every second factor of one of the staff who lost them, and sign them out everywhere.

    Where one of their roles needs one, two administrators have to say so within some days: returns whether it is done.
    """
    _for_another(account, by=by)
    if accounts.needs_factor(account, at=by.at) and not _said_by_another(account, by=by):
        log(what="factor.said-lost", by=by, about=account.pk)
        tell_owner(account, Changed.FACTORS_LOST, to=account.email, by=by)
        return False
    removed, _ = Factor.objects.filter(account=account).delete()
    RecoveryCode.objects.filter(account=account).delete()
    log(what="factor.all-removed", by=by, about=account.pk, detail={"factors": removed})
    end_sessions(account=account, by=by)
    tell_owner(account, Changed.FACTORS_GONE, to=account.email, by=by)
    return True


def _said_by_another(account: Account, *, by: Viewer) -> bool:
    """Whether another administrator said so not long ago, which is used up; else it is noted that this one does."""
    Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    said = FactorsLost.objects.filter(account=account).first()
    if said is not None and said.said_by != by.id and by.at - said.said_at <= rules.SAID_LASTS:
        said.delete()
        return True
    FactorsLost.objects.update_or_create(account=account, defaults={"said_by": by.id, "said_at": by.at})
    return False


@transaction.atomic
def new_recovery_codes(*, account_id: UUID, codes: Sequence[str], at: datetime) -> None:
    """Give an account these codes on paper, and none of those before."""
    one = accounts.account(account_id)
    RecoveryCode.objects.filter(account=one).delete()
    RecoveryCode.objects.bulk_create(
        [RecoveryCode(account=one, digest=_code_mark(account_id, code), made_at=at) for code in codes]
    )
    log(what="factor.recovery-codes-made", by=accounts.signer(one, at=at), about=one.pk)


def try_code(*, account_id: UUID, code: str, reveal: Callable[[bytes], bytes], network: str, at: datetime) -> str:
    """How a code let them through, `app` or `recovery code`, each once; nothing for one that does not fit.

    `reveal` opens what the edge sealed. After ten wrong codes, none is looked at for ten minutes.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update(of=("self",)).get(pk=account_id)
        name, network_mark = mark("code", str(account_id)), mark("network", network)
        waits = accounts.tries(name=name, network=network_mark, at=at).everywhere >= rules.WRONG_CODES
        typed = "".join(code.split()).replace("-", "").casefold()
        how = "" if waits else _try_apps(account_id, typed, reveal, at=at) or _try_paper(account_id, typed, at=at)
        if how == "recovery code":
            log(what="factor.recovery-code-used", by=accounts.signer(account, at=at), about=account.pk)
        if not how:
            if not waits:
                WrongTry.objects.create(at=at, name=name, network=network_mark)
            refuse_sign_in(account=account, reason="waits" if waits else "wrong", how="code", at=at)
        return how


def _try_apps(account_id: UUID, typed: str, reveal: Callable[[bytes], bytes], *, at: datetime) -> str:
    for factor in Factor.objects.select_for_update().filter(account=account_id, kind="app"):
        step = _step(reveal(bytes(factor.kept)).decode(), typed, after=factor.count, at=at)
        if step is not None:
            factor.count, factor.used_at = step, at
            factor.save(update_fields=["count", "used_at"])
            return "app"
    return ""


def _try_paper(account_id: UUID, typed: str, *, at: datetime) -> str:
    left = RecoveryCode.objects.filter(account=account_id, digest=_code_mark(account_id, typed), used_at=None)
    return "recovery code" if left.update(used_at=at) else ""


def _code_mark(account_id: UUID, code: str) -> str:
    return mark("recovery", f"{account_id} {code.replace('-', '').casefold()}")


def _step(secret: str, typed: str, *, after: int, at: datetime) -> int | None:
    """The half minute whose code this is, if none as late was used before (RFC 6238, 5.2)."""
    app, now = pyotp.TOTP(secret), int(at.timestamp()) // STEP_SECONDS
    for step in range(now - STEPS_EITHER_WAY, now + STEPS_EITHER_WAY + 1):
        if step > after and constant_time_compare(app.generate_otp(step), typed):
            return step
    return None


@transaction.atomic
def use_passkey(*, factor_id: UUID, count: int, at: datetime) -> Account:
    """Note that a passkey was used; refused when its count went back, as a copy's would."""
    factor = Factor.objects.select_for_update(of=("self",)).select_related("account").get(pk=factor_id)
    account = factor.account
    if not account.is_active:
        raise NotFound("There is no such account here.")
    if factor.count and count <= factor.count:
        raise Refused("This passkey seems to have been copied. Tell your administrator, and sign in another way.")
    factor.count, factor.used_at = count, at
    factor.save(update_fields=["count", "used_at"])
    return account
