"""Money is whole pence."""


def pounds_words(pence: int) -> str:
    """Pence as people read them: £1,234.56."""
    sign = "-" if pence < 0 else ""
    return f"{sign}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"
