"""How clerks and keyboards get words wrong: each function takes a draw of chance and gives the word as it was typed."""

from random import Random

KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890")
BESIDE = {letter: row[max(0, at - 1) : at] + row[at + 1 : at + 2] for row in KEYS for at, letter in enumerate(row)}
READ_AS = (("m", "n"), ("rn", "m"), ("l", "i"), ("o", "0"), ("e", "c"), ("cl", "d"), ("5", "s"), ("1", "l"))
HEARD_AS = (
    ("ph", "f"),
    ("ck", "k"),
    ("ie", "y"),
    ("y", "ie"),
    ("ee", "ea"),
    ("ll", "l"),
    ("tt", "t"),
    ("c", "k"),
    ("ei", "ie"),
)


def typed(word: str, rng: Random) -> str:
    """One key wrong: left out, doubled, beside the right one, or before its turn."""
    if len(word) < 2:
        return word
    at = rng.randrange(len(word))
    kind = rng.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2 and at < len(word) - 1:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    beside = BESIDE.get(word[at].lower(), "")
    return word[:at] + rng.choice(beside) + word[at + 1 :] if beside else word[:at] + word[at + 1 :]


def heard(word: str, rng: Random) -> str:
    """As another clerk would spell what was said."""
    return _exchanged(word, HEARD_AS, rng)


def read(word: str, rng: Random) -> str:
    """As a machine reads a form."""
    return _exchanged(word, READ_AS, rng)


def _exchanged(word: str, pairs: tuple[tuple[str, str], ...], rng: Random) -> str:
    fitting = [pair for pair in pairs if pair[0] in word]
    if not fitting:
        return typed(word, rng)
    was, becomes = rng.choice(fitting)
    return word.replace(was, becomes, 1)


def mistaken(word: str, rng: Random) -> str:
    """Any of these, mostly a wrong key."""
    return rng.choices((typed, heard, read), (6, 3, 1))[0](word, rng)


def date_mistaken(day: str, rng: Random) -> str:
    """A date of the form 1980-07-14 got wrong: a figure, day and month turned, the first of January, another year."""
    year, month, number = day.split("-")
    kind = rng.random()
    if kind < 0.5:
        at = rng.choice((2, 3, 5, 6, 8, 9))
        return day[:at] + str(rng.randrange(10)) + day[at + 1 :]
    if kind < 0.65:
        return f"{year}-{number}-{month}"
    if kind < 0.8:
        return f"{year}-01-01"
    return f"{int(year) + rng.choice((-10, -1, 1, 10))}-{month}-{number}"
