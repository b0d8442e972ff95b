"""Who is close to a person, and what each may do."""

from enum import StrEnum


class ContactRole(StrEnum):
    NEXT_OF_KIN = "next of kin"
    EMERGENCY = "emergency contact"
    CARER = "carer"
    KEY_HOLDER = "key holder"
    ATTORNEY_HEALTH = "attorney health"
    ATTORNEY_PROPERTY = "attorney property"
    DEPUTY = "deputy"
    PARENTAL = "parental responsibility"
    LIVES_WITH = "lives with"
    DO_NOT_CONTACT = "do not contact"


ROLE_WORDS = {
    ContactRole.NEXT_OF_KIN: "Next of kin",
    ContactRole.EMERGENCY: "Ring in an emergency",
    ContactRole.CARER: "Carer",
    ContactRole.KEY_HOLDER: "Holds a key",
    ContactRole.ATTORNEY_HEALTH: "Attorney, health and welfare",
    ContactRole.ATTORNEY_PROPERTY: "Attorney, property and money",
    ContactRole.DEPUTY: "Deputy of the Court of Protection",
    ContactRole.PARENTAL: "Parental responsibility",
    ContactRole.LIVES_WITH: "Lives with them",
    ContactRole.DO_NOT_CONTACT: "Please do not contact",
}
# what a role lets somebody do is the law's to say, and is read on the paper that gives it
LAWFUL = (ContactRole.ATTORNEY_HEALTH, ContactRole.ATTORNEY_PROPERTY, ContactRole.DEPUTY, ContactRole.PARENTAL)
SEE_THE_PAPER = {
    ContactRole.ATTORNEY_HEALTH: "Decides only while the person cannot decide it themselves. See the registered paper.",
    ContactRole.ATTORNEY_PROPERTY: "Says nothing of care or treatment. See the registered paper.",
    ContactRole.DEPUTY: "Decides what the court\u2019s order says, and no more. See the order.",
    ContactRole.PARENTAL: "For a child. Ask who else has it, and whether a court has said otherwise.",
    ContactRole.NEXT_OF_KIN: "Told and asked, but decides nothing by it.",
}
ORDER = tuple(ContactRole)


def in_order(roles: list[str]) -> tuple[ContactRole, ...]:
    """The roles of somebody, the one to act on first; whoever is not to be contacted says so before all."""
    found = sorted({ContactRole(one) for one in roles}, key=ORDER.index)
    return tuple(sorted(found, key=lambda one: one != ContactRole.DO_NOT_CONTACT))


def place_of(roles: list[str]) -> int:
    """Where somebody stands in the list: by the first of their roles."""
    return min((ORDER.index(ContactRole(one)) for one in roles), default=len(ORDER))
