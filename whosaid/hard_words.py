"""corpus/hard_words.toml → which hard words a statement has, each with an explanation that is not from an article."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from whosaid.errors import CorpusError
from whosaid.glossary import Glossary, Term, tokens

_FIELDS = {"term", "aliases", "says"}


@dataclass(frozen=True)
class HardWord:
    """A hard word, as hard_words.toml writes the form that was found, and what it means in plain words of ours."""

    name: str
    says: str


class HardWords:
    """All hard words; the longest name that fits is the one that is meant."""

    def __init__(self, says: Mapping[str, str], aliases: Mapping[str, tuple[str, ...]]) -> None:
        self.says = says
        self._names = Glossary(Term(term, "hard word", aliases[term]) for term in says)

    def find(self, text: str) -> list[HardWord]:
        """Return the hard words of a text in order, each once."""
        return [HardWord(mention.alias, self.says[mention.term.name]) for mention in self._names.find(text)]


def load_hard_words(corpus_dir: Path) -> HardWords:
    """Read hard_words.toml; a corpus may have none. Raises `CorpusError` naming the file, the word and the remedy."""
    path = corpus_dir / "hard_words.toml"
    if not path.is_file():
        return HardWords({}, {})
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("word", [])
    except OSError as error:
        raise CorpusError(f"{path}: {error.strerror}: restore the file") from error
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path}: not UTF-8 (byte {error.start}): save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise CorpusError(f"{path}: not TOML ({error}): correct it") from error
    if not isinstance(rows, list):
        raise CorpusError(f"{path}: write each word as a [[word]] table")
    says: dict[str, str] = {}
    aliases: dict[str, tuple[str, ...]] = {}
    taken: dict[tuple[str, ...], str] = {}
    for number, row in enumerate(rows, 1):
        term, explanation, others = _checked(row, f"{path}: word {number}")
        for name in (term, *others):
            if other := taken.get(tokens(name)):
                raise CorpusError(f"{path}: {name!r} of {term!r} stands under {other!r} already: keep one of them")
            taken[tokens(name)] = term
        says[term], aliases[term] = explanation, others
    return HardWords(says, aliases)


def _checked(row: object, where: str) -> tuple[str, str, tuple[str, ...]]:
    if not isinstance(row, dict) or not isinstance(row.get("term"), str) or not tokens(row["term"]):
        raise CorpusError(f"{where} has no term: give it one")
    where = f"{where}, {row['term']!r}"
    if unknown := sorted(row.keys() - _FIELDS):
        raise CorpusError(f"{where}: {unknown[0]} is unknown: a word has a term, aliases and says")
    if not isinstance(row.get("says"), str) or not row["says"].strip():
        raise CorpusError(f"{where} is not explained: say in one or two sentences what it means")
    others = row.get("aliases", [])
    if not isinstance(others, list) or not all(isinstance(name, str) and tokens(name) for name in others):
        raise CorpusError(f"{where}: aliases is not a list of names: correct it")
    return row["term"], row["says"].strip(), tuple(others)
