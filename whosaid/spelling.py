"""PURE: a text → the text with words that no dictionary knows put right, where what was meant is near.

Only words of everyday English and names of corpus/glossary.toml are put in a misspelt word's place, and only where it
begins with the same letter: most words that a dictionary lacks are names, of medicines above all, and stay. The words
and how often they are written are symspellpy's.
"""

import re
from functools import cache
from importlib.resources import files

from rapidfuzz.distance import OSA
from symspellpy import SymSpell, Verbosity

from whosaid.glossary import Glossary

_EVERYDAY = 15_000  # of the words of English, the most frequent
_LEAST = 4  # letters of a word that is looked at
_LEAST_MEANT = 5  # letters of a word that it may be meant for
_LONG = 9  # letters from which two of them may be wrong
_NAME, _ALIAS = 10**12, 10**7  # how often these count as written: more than any word, and as a usual one
_PREFIX = 7
_WORD = re.compile(r"(?<![\w.@/&'’-])[A-Za-z]+(?![\w@/&'’-]|\.\w)")
_LETTERS = re.compile(r"[a-z]+")


class _Speller:
    def __init__(self, glossary: Glossary) -> None:
        written = _dictionary()
        names = {word for term in glossary.terms.values() for word in _LETTERS.findall(term.name.lower())}
        aliases = {
            word
            for term in glossary.terms.values()
            for alias in (*term.aliases, *term.outside)
            for word in _LETTERS.findall(alias.lower().replace("'", ""))
            if word in written or not _is_near(word, term.name)  # some aliases are the name misspelt
        }
        everyday = sorted(written, key=lambda word: -written[word])[:_EVERYDAY]
        meant = {word: written.get(word, _ALIAS) for word in (*everyday, *aliases)} | dict.fromkeys(names, _NAME)
        self._known = written.keys() | meant.keys()
        self._near = SymSpell(max_dictionary_edit_distance=2, prefix_length=_PREFIX)
        for word, count in meant.items():
            if len(word) >= _LEAST_MEANT:
                self._near.create_dictionary_entry(word, count)

    def meant(self, word: str) -> str:
        """Return the word that is meant by `word`, itself where it is known or nothing is near."""
        plain = word.lower()
        if len(plain) < _LEAST or plain in self._known or plain.removesuffix("s") in self._known:
            return word
        near = self._near.lookup(plain, Verbosity.CLOSEST, max_edit_distance=2 if len(plain) >= _LONG else 1)
        likely = [found for found in near if found.term[0] == plain[0]]
        if not likely:
            return word
        # a letter doubled, halved or out of its place is likelier than another letter
        meant: str = min(likely, key=lambda found: (set(found.term) != set(plain), -found.count)).term
        return meant.upper() if word.isupper() else meant.capitalize() if word[0].isupper() else meant


def corrected(text: str, glossary: Glossary) -> str:
    """Return a text with its misspelt words put right, all else as it stands."""
    speller = _speller(glossary)
    return _WORD.sub(lambda found: speller.meant(found[0]), text)


@cache
def _speller(glossary: Glossary) -> _Speller:
    return _Speller(glossary)


@cache
def _dictionary() -> dict[str, int]:
    """Return English words in lower case, without apostrophes, and how often each is written."""
    lines = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text(encoding="utf-8-sig")
    counts = (line.split() for line in lines.splitlines())
    return {word.replace("'", ""): int(count) for word, count in counts}


def _is_near(word: str, name: str) -> bool:
    most = 2 if len(word) >= _LONG else 1
    return len(word) > _LEAST and any(
        word != part and word[0] == part[0] and OSA.distance(word, part) <= most
        for part in _LETTERS.findall(name.lower())
    )
