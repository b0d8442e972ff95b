"""What signing in asks for, as data and pure functions: second factors, waiting after wrong tries, links."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address

from locality.access.rules import RoleCode

# these see everybody's identity or audit, or hand out ways in; the others see the people of their own teams
NEED_SECOND_FACTOR = frozenset(
    {
        RoleCode.PRIVACY_OFFICER,
        RoleCode.ADMINISTRATOR,
        RoleCode.IDENTITY_CUSTODIAN,
        RoleCode.SAFEGUARDING_LEAD,
    }
)


class Changed(StrEnum):
    """What an administrator changed of how somebody signs in: they are told of it, and so is the privacy officer."""

    ADDRESS = "account.email-set"
    INVITED = "way-in.invitation"
    FACTORS_LOST = "factor.said-lost"
    FACTORS_GONE = "factor.all-removed"
    SHUT = "account.shut"


# how long a proof of who somebody is opens what needs a fresh one
FRESH_FOR = timedelta(minutes=15)

TRIES_COUNT_FOR = timedelta(minutes=10)
WRONG_TRIES = 5  # of one name from one network
WRONG_TRIES_EVERYWHERE = 30  # of one name, from all networks
WRONG_TRIES_OF_A_NETWORK = 200  # of all names, from one network
WRONG_CODES = 10  # of one account: whoever tries knows the password already
NETWORK_KNOWN_FOR = timedelta(days=60)

FORGOTTEN_LASTS, INVITATION_LASTS = timedelta(hours=1), timedelta(days=3)
ASKED_AT_MOST = 3  # links to set a password, for one name in the time that they last
ASKED_OF_A_NETWORK = 60  # names for which one network asks, in the same time: an organisation may be one network
LETTERS_A_TURN = 100
DRAFT_LASTS, DRAFTS_KEPT = timedelta(days=1), 5
RECOVERY_CODES = 10
SAID_LASTS = timedelta(days=3)  # until a second administrator says the same
SHORTEST_PASSWORD = 12


@dataclass(frozen=True, slots=True)
class Tries:
    """The wrong tries that still count: of this name from here, of this name from anywhere, of anybody from here."""

    here: int
    everywhere: int
    network: int


def must_wait(tries: Tries, *, knows_network: bool) -> bool:
    """Whether no password is looked at for a while.

    Where somebody signed in before, neither strangers elsewhere nor colleagues behind the same address make them wait.
    """
    if tries.here >= WRONG_TRIES:
        return True
    many = tries.everywhere >= WRONG_TRIES_EVERYWHERE or tries.network >= WRONG_TRIES_OF_A_NETWORK
    return many and not knows_network


def needs_second_factor(role: str) -> bool:
    """Whether somebody in this role is let in with a password alone in no place but a trial."""
    return role in NEED_SECOND_FACTOR


def is_fresh(proved_at: datetime | None, *, at: datetime) -> bool:
    """Whether somebody proved who they are a short while ago."""
    return proved_at is not None and at - proved_at < FRESH_FOR


def network_of(address: str) -> str:
    """The network that an address stands for: itself, or the household's or office's 64 bits of a long one."""
    try:
        known = ip_address(address)
    except ValueError:
        return ""
    if isinstance(known, IPv6Address):
        if known.ipv4_mapped:
            return str(known.ipv4_mapped)
        return str(IPv6Address(int(known) >> 64 << 64))
    return str(known)
