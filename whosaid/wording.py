"""prompts/*.toml → the sentences that WhoSaid says itself, their variables checked when they are loaded."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

from whosaid.errors import CorpusError, SettingsError
from whosaid.settings import ROOT

ANSWER_VARIABLES: Mapping[str, frozenset[str]] = {
    "advice.line": frozenset(),
    "lead.quoted": frozenset({"main"}),
    "lead.reported": frozenset({"main"}),
    "lead.probably": frozenset({"main"}),
    "lead.other": frozenset({"main", "speaker"}),
    "lead.other_then_main": frozenset({"main", "speaker"}),
    "lead.who": frozenset({"whose"}),
    "touches.plain": frozenset(),
    "touches.missing": frozenset({"missing"}),
    "unsaid.missing": frozenset({"missing"}),
    "unsaid.part": frozenset(),
    "unsaid.ask": frozenset(),
    "silent.plain": frozenset(),
    "silent.topic": frozenset({"topic"}),
    "silent.near": frozenset(),
    "silent.crisis": frozenset(),
    "silent.courtesy": frozenset(),
    "silent.app": frozenset(),
    "silent.unreadable": frozenset(),
    "ask.prescriber": frozenset(),
    "ask.pharmacist": frozenset(),
    "ask.emergency": frozenset(),
    "ask.publisher": frozenset(),
    "focus.no_more": frozenset(),
    "focus.no_own_words": frozenset({"main"}),
    "focus.no_author": frozenset(),
    "remark.needed": frozenset(),
    "remark.why": frozenset(),
    "remark.link": frozenset({"words", "thing"}),
    "refused.orders": frozenset(),
    "refused.whole_article": frozenset({"site"}),
    "refused.crisis": frozenset(),
    "model.failed": frozenset(),
    "model.unsupported": frozenset(),
    "model.prose": frozenset({"model"}),
    "model.on": frozenset({"model"}),
    "log.on": frozenset(),
}
MODEL_VARIABLES: Mapping[str, frozenset[str]] = {
    "write.system": frozenset({"main"}),
    "write.user": frozenset({"question", "sources"}),
    "rewrite.system": frozenset(),
    "rewrite.user": frozenset({"turns"}),
}


NOTICES = frozenset("emergency crisis overdose withdrawal opioid pregnancy child surgery prescriber".split())
WHOM_TO_CALL = frozenset({"emergency", "crisis", "poison", "helpline"})  # each region has a sentence for each


@dataclass(frozen=True)
class Wording:
    """Texts by name ("lead.quoted"), each to be filled with exactly the variables that it names."""

    texts: Mapping[str, str]

    def say(self, name: str, **variables: str) -> str:
        """Return a text with its variables filled in."""
        return self.texts[name].format(**variables)


def load_wording(path: Path, variables: Mapping[str, frozenset[str]]) -> Wording:
    """Read a wording file. Raises `CorpusError` where a text or a variable is missing or unknown."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CorpusError(f"{path}: {error}: restore the file") from error
    tables = {table: texts for table, texts in content.items() if isinstance(texts, dict)}
    texts = {f"{table}.{name}": text for table, rows in tables.items() for name, text in rows.items()}
    if odd := sorted(texts.keys() ^ variables.keys()):
        raise CorpusError(f"{path}: {odd[0]} is {'missing' if odd[0] in variables else 'unknown'}")
    for name, text in texts.items():
        if (
            not isinstance(text, str)
            or {field for _, field, _, _ in Formatter().parse(text) if field} != variables[name]
        ):
            raise CorpusError(f"{path}: {name} must use the variables {sorted(variables[name])}")
    return Wording(texts)


@cache
def answer_wording() -> Wording:
    """Return the wording of answers, prompts/answer.toml."""
    return load_wording(ROOT / "prompts" / "answer.toml", ANSWER_VARIABLES)


@cache
def model_wording() -> Wording:
    """Return what the optional chat model is told, prompts/model.toml."""
    return load_wording(ROOT / "prompts" / "model.toml", MODEL_VARIABLES)


@cache
def notice_wording(region: str = "") -> Wording:
    """Return the notices by name, with whom to call in a region; prompts/notices.toml.

    Raises `CorpusError` where the file is broken, `SettingsError` where it knows no such region.
    """
    path = ROOT / "prompts" / "notices.toml"
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        texts, regions = content["notice"], content["region"]
        if texts.keys() != NOTICES or any(sentences.keys() != WHOM_TO_CALL for sentences in regions.values()):
            raise KeyError("a notice, or a region's sentence, is missing or unknown")
        if region in regions:
            return Wording({name: text.format(**regions[region]) for name, text in texts.items()})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, AttributeError) as error:
        raise CorpusError(f"{path}: {error}: restore the file") from error
    known = ", ".join(sorted(filter(None, regions)))
    raise SettingsError(f"WHOSAID_REGION={region} is not known: the regions are {known}; leave it out for any other")
