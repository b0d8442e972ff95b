"""What a row may say of somebody, by name. Any other name is compared as a whole, as a further comparison."""

NAMES = ("given_name", "family_name")
ADDRESS = ("house_number", "address_line", "address_line2", "locality")
FIELDS = (
    *NAMES,
    "birth_date",
    "sex",
    "postcode",
    *ADDRESS,
    "phone",
    "email",
    "nhs_number",
    "birth_place",
    "occupation",
    "local_id",
)

# what a patient of one source says; a table of an analyst may say less or more
OF_PATIENTS = (*NAMES, "birth_date", "sex", "postcode", "address_line", "address_line2", "phone", "email", "nhs_number")


def extras(fields: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """The names that are none of ours, in the order given."""
    return tuple(name for name in fields if name not in FIELDS)
