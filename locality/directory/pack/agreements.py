"""What must hold between the agreements of a pack and what flows under them."""

from collections.abc import Iterator

from locality.directory.pack.rows import Row

Sections = dict[str, list[Row]]


def agreement_faults(sections: Sections) -> Iterator[str]:
    """Every source that sends without an agreement, under one that is not its own, or more than it allows."""
    agreements = {row.values["code"]: row.values for row in sections["agreements"]}
    for source in sections["sources"]:
        values = source.values
        if values["connected"] and not values["agreement"]:
            yield source.fault("a connected source needs an 'agreement', one of agreements", key="connected")
        under = agreements.get(values["agreement"])
        if under is None:
            continue
        if under["recipient"]:
            words = (
                f"'agreement' names {values['agreement']}, under which data leaves the place for {under['recipient']}"
            )
            yield source.fault(f"{words}: name one without a 'recipient'", key="agreement")
        beyond = sorted(set(values["sends"]) - set(under["allows"])) if under["allows"] else []
        if beyond:
            words = f"'sends' holds {', '.join(beyond)}, which the agreement {values['agreement']} does not allow"
            yield source.fault(f"{words}: add it to its 'allows', or take it out here", key="sends")
        if not under["allows"] and not values["trial"]:
            words = f"the agreement {values['agreement']} does not say what it 'allows'"
            yield source.fault(f"{words}: only a source for trying out may do without", key="agreement")
