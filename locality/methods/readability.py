"""How hard words are to read: the Flesch-Kincaid grade, about the school year (of the United States) that reads them.

Kincaid JP, Fishburne RP, Rogers RL, Chissom BS. Derivation of new readability formulas for Navy enlisted personnel.
Naval Technical Training Command, Research Branch Report 8-75, 1975. A reader of nine to eleven is in years 4 to 6.
The formula is theirs; syllables are counted from the spelling. The libraries that count them by a dictionary fetch it
from the network, or bring it under a licence that is not ours.
"""

import re
from dataclasses import dataclass

WORDS_A_SENTENCE, SYLLABLES_A_WORD, LESS = 0.39, 11.8, 15.59
WORD = re.compile(r"[A-Za-z]+(?:['\u2019][A-Za-z]+)*")
SENTENCE_ENDS = re.compile(r"[.!?:;\n]+(?=\s|$)|\n")
# spellings that say a vowel more, or one fewer, than they write
SAID_OTHERWISE = {
    word: many
    for many, words in {
        1: "real",
        2: (
            "able being business create doing elsewhere evening every going handled homeless lately "
            "ourselves people quiet really science seeing social someone something sometimes somewhere "
            "special themselves trial yourselves"
        ),
        3: ("anyone anything area diary everything idea medicine medicines nobody several somebody usual whoever"),
        4: "anybody everybody usually",
    }.items()
    for word in words.split()
}
VOWELS = re.compile(r"[aeiouy]+")
# an e that is written and not said
SILENT = re.compile(r"(?:[^laeiouy]|[aeiouy]l)es?$|[^aeiouytd]ed$|[^aeiouy]eless$|[^aeiouy]e(?=ly$|ment|ful)")
# two vowels beside each other that are said apart
APART = re.compile(
    r"[aiouy](?=ing$)|i[ao](?!n)(?<!ti[ao])(?<!ci[ao])(?<!si[ao])|(?<=[^tscglq])ia(?=n)|io(?=n)(?<![tscg]io)|[^qg]ua|eo(?!u)"
)
# but this one is said
SAID_ES = re.compile(r"(?:s|x|z|ch|sh|c|g)es$")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was counted in some words, and their grade; None where there is no word."""

    words: int
    sentences: int
    syllables: int

    @property
    def grade(self) -> float | None:
        if not self.words:
            return None
        return WORDS_A_SENTENCE * self.words / self.sentences + SYLLABLES_A_WORD * self.syllables / self.words - LESS


def reading(text: str, *, excused: frozenset[str] = frozenset()) -> Reading:
    """How hard a text is to read; words that are `excused` count as one of two syllables."""
    sentences = [found for part in SENTENCE_ENDS.split(text) if (found := WORD.findall(part))]
    every = [word for sentence in sentences for word in sentence]
    return Reading(
        words=len(every),
        sentences=len(sentences),
        syllables=sum(2 if word.lower() in excused else syllables(word) for word in every),
    )


def syllables(word: str) -> int:
    """How many syllables an English word has, by its spelling."""
    low = word.lower().replace("\u2019", "'")
    if low in SAID_OTHERWISE:
        return SAID_OTHERWISE[low]
    low, _, ending = low.partition("'")
    # "the place's" has one more than "the place"
    more = int(ending == "s" and low.endswith(("s", "x", "z", "ch", "sh", "ce", "ge", "se")))
    # "isn't" has one more than "is"
    more += int(ending == "t" and low.endswith("n") and low[-2:-1] not in "aeio")
    return more + (SAID_OTHERWISE.get(low) or _by_spelling(low))


def _by_spelling(low: str) -> int:
    many = len(VOWELS.findall(low)) + len(APART.findall(low))
    if SILENT.search(low) and not SAID_ES.search(low):
        many -= 1
    return max(many, 1)
