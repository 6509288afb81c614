"""How well the checker tells real quotes from others: mutations of every sentence, labelled quotes, labelled posts."""

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import quantiles
from typing import Any

from evals.cases import CaseError
from evals.mutations import BAD, HONEST, splices
from whosaid.check import Checker
from whosaid.library import Library
from whosaid.quotes import MIN_WORDS, judge
from whosaid.reference import Reference
from whosaid.sentences import sentences
from whosaid.tokens import tokenize
from whosaid.types import NARRATOR, Claim, Ruling, Span, Statement, Verdict

ACCEPTED = {Ruling.EXACT, Ruling.REPORTED}
PASSED = ACCEPTED | {Ruling.PARAPHRASE}  # what must not happen to a bad quote
_SPLICED_WITH = (1, 2, 7, 30)  # statements further on, whose second half is taken
_FROM_EACH = 3  # sentences of each document
_LONG_SENTENCE = 60  # characters
_OVERLAP = 0.3  # share of a claim's characters that must be found


@dataclass(frozen=True)
class Mutation:
    """A quote made by rule: `kind` says how, `honest` whether it must be accepted."""

    kind: str
    quote: str
    honest: bool
    speaker: str = ""


def of_library(library: Library) -> Iterator[Mutation]:
    """Yield the mutations of every statement."""
    for article in library.articles:
        whole = _forms(article.text)
        speakers = [*(person.name for person in article.people), NARRATOR]
        for number, statement in enumerate(article.statements):
            yield from _of_sentence(statement.text, whole)
            for step in _SPLICED_WITH:
                other = article.statements[(number + step) % len(article.statements)]
                yield from _bad("splice", splices(statement.text, other.text), whole)
            for speaker in speakers:
                if speaker != statement.speaker and not _stands_elsewhere(statement):
                    yield Mutation("wrong_speaker", statement.text, honest=False, speaker=speaker)
    yield from (Mutation("invention", text, honest=False) for text in INVENTIONS)


def _stands_elsewhere(statement: Statement) -> bool:
    """Whether another's statement holds the same words: the quote would then be right for both."""
    words = _forms(statement.text)
    others = (other for other in statement.quote.article.statements if other.id != statement.id)
    return any(words in _forms(other.text) for other in others)


def of_document(text: str, other: str) -> Iterator[Mutation]:
    """Yield the mutations of a document's first long sentences, and a sentence of another document."""
    found = [text[span.start : span.end] for span in sentences(text)]
    long = [sentence for sentence in found if len(sentence) > _LONG_SENTENCE]
    whole = _forms(text)
    for sentence in long[:_FROM_EACH]:
        yield from _of_sentence(sentence, whole)
    for first, second in pairwise(long):
        yield from _bad("splice", splices(first, second), whole)
    foreign = (other[span.start : span.end] for span in sentences(other) if span.end - span.start > _LONG_SENTENCE)
    yield from _bad("other_document", [next(foreign, "")], whole)


def _of_sentence(sentence: str, whole: str) -> Iterator[Mutation]:
    for kind, make in HONEST.items():
        yield from (Mutation(kind, quote, honest=True) for quote in make(sentence) if _is_long_enough(quote))
    for kind, make in BAD.items():
        # what is left of a sentence without its condition may stand in it as it is: it must then be found to be cut
        yield from _bad(kind, make(sentence), "" if kind == "condition_dropped" else whole)


def _bad(kind: str, quotes: Iterable[str], whole: str) -> Iterator[Mutation]:
    """Yield bad quotes, without those that by chance are in the text after all."""
    for quote in quotes:
        if _is_long_enough(quote) and _forms(quote) not in whole:
            yield Mutation(kind, quote, honest=False)


def _is_long_enough(quote: str) -> bool:
    return len(tokenize(quote)) >= MIN_WORDS


def _forms(text: str) -> str:
    return f" {' '.join(token.form for token in tokenize(text))} "


def measure(judged: Iterable[tuple[Mutation, Verdict, float]]) -> dict[str, Any]:
    """Return the shares of bad quotes detected and of real ones refused, by kind and in all."""
    rows = list(judged)
    bad = [(m.kind, v.ruling not in PASSED) for m, v, _ in rows if not m.honest]
    honest = [(m.kind, v.ruling not in ACCEPTED) for m, v, _ in rows if m.honest]
    ms = sorted(ms for _, _, ms in rows)
    return {
        "rows": len(rows),
        "bad": len(bad),
        "passed": sum(not right for _, right in bad),
        "honest": len(honest),
        "refused": sum(wrong for _, wrong in honest),
        "detected": _by_kind(bad),
        "false_alarms": _by_kind(honest),
        "p50_ms": round(ms[len(ms) // 2], 2),
        "p99_ms": round(quantiles(ms, n=100)[98], 2),
    }


def judged(mutations: Iterable[Mutation], references: Sequence[Reference]) -> Iterator[tuple[Mutation, Verdict, float]]:
    """Judge mutations word for word; yield each with its verdict and the milliseconds that it took."""
    for mutation in mutations:
        started = time.perf_counter()
        verdict = judge(Claim(mutation.quote, Span(0, len(mutation.quote)), mutation.speaker), references)
        yield mutation, verdict, (time.perf_counter() - started) * 1000


def judged_documents(path: Path) -> Iterator[tuple[Mutation, Verdict, float]]:
    """Judge the mutations of a JSON object of texts, each against its own text. Raises `CaseError`."""
    try:
        documents = json.loads(path.read_text(encoding="utf-8"))
        texts = [str(text) for text in documents.values()]
    except (OSError, ValueError, AttributeError) as error:
        raise CaseError(f"{path}: {error}: it takes a JSON object of texts") from error
    for number, text in enumerate(texts):
        reference = Reference.of_text(text, sentences(text))
        yield from judged(of_document(text, texts[(number + 7) % len(texts)]), [reference])


Checked = tuple[str, list[Verdict], float]  # a case's id, what became of it, and how many ms that took


def check_rows(path: Path, checker: Checker) -> tuple[dict[str, Any], list[Checked]]:
    """Check rows `{"quote", "speaker", "expect"}`; return the share that is right, and each verdict with its time."""
    rows = _load(path, ("quote", "expect"))
    checked: list[Checked] = []
    for number, row in enumerate(rows):
        started = time.perf_counter()
        verdict = checker.check_quote(row["quote"], row.get("speaker") or "")
        checked.append((str(row.get("id", number)), [verdict], (time.perf_counter() - started) * 1000))
    pairs = [(row["expect"], verdict.ruling) for row, (_, (verdict,), _) in zip(rows, checked, strict=True)]
    metrics = {
        "rows": len(rows),
        "right": round(sum(expected == ruling for expected, ruling in pairs) / max(len(rows), 1), 4),
        "detected": _by_kind(
            [(expected, ruling not in PASSED) for expected, ruling in pairs if expected not in PASSED]
        ),
        "false_alarms": _by_kind(
            [(expected, ruling not in ACCEPTED) for expected, ruling in pairs if expected in ACCEPTED]
        ),
    }
    return metrics, checked


def check_posts(path: Path, checker: Checker) -> tuple[dict[str, Any], list[Checked]]:
    """Check posts whose claims are known; return how many claims were found and how many verdicts are right.

    A claim that was not found counts as wrong. Also returns each post's verdicts with their time.
    """
    posts = _load(path, ("post", "claims"))
    wanted = found = right = spoken = extra = 0
    confused: dict[str, int] = {}
    checked: list[Checked] = []
    for number, row in enumerate(posts):
        started = time.perf_counter()
        verdicts = checker.check(row["post"])
        checked.append((str(row.get("id", number)), verdicts, (time.perf_counter() - started) * 1000))
        used = set()
        for claim in row["claims"]:
            wanted += 1
            start = row["post"].index(claim["claim"])
            overlaps = [
                (_overlap(v.claim.span, Span(start, start + len(claim["claim"]))), n) for n, v in enumerate(verdicts)
            ]
            share, place = max(overlaps, default=(0.0, -1))
            if share < _OVERLAP:
                _count(confused, f"{claim['verdict']} not found")
                continue
            found += 1
            used.add(place)
            verdict = verdicts[place]
            right += verdict.ruling == claim["verdict"]
            spoken += verdict.claim.speaker == claim["speaker"]
            if verdict.ruling != claim["verdict"]:
                _count(confused, f"{claim['verdict']} as {verdict.ruling}")
        extra += len(verdicts) - len(used)
    metrics = {
        "posts": len(posts),
        "claims": wanted,
        "found": round(found / max(wanted, 1), 4),
        "right": round(right / max(wanted, 1), 4),
        "speaker_right": round(spoken / max(wanted, 1), 4),
        "extra": extra,
        "confused": confused,
        "slowest_s": round(max((ms for *_, ms in checked), default=0.0) / 1000, 2),
    }
    return metrics, checked


def _overlap(first: Span, second: Span) -> float:
    shared = min(first.end, second.end) - max(first.start, second.start)
    return max(0, shared) / (max(first.end, second.end) - min(first.start, second.start))


def _load(path: Path, needed: Sequence[str]) -> list[dict[str, Any]]:
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise CaseError(f"cannot read {path}: {error}") from error
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict) or any(name not in row for name in needed):
            raise CaseError(f"{path}, row {number}: it needs {', '.join(needed)}")
    return rows


def _share(rows: Sequence[tuple[str, bool]]) -> float:
    return round(sum(flag for _, flag in rows) / max(len(rows), 1), 4)


def _by_kind(rows: Sequence[tuple[str, bool]]) -> dict[str, float]:
    return {kind: _share([row for row in rows if row[0] == kind]) for kind in dict.fromkeys(kind for kind, _ in rows)}


def _count(counts: dict[str, int], name: str) -> None:
    counts[name] = counts.get(name, 0) + 1


INVENTIONS = (
    "LDN cures fibromyalgia in nine out of ten of my patients.",
    "I have never seen a single patient fail on LDN.",
    "Everybody with fibromyalgia should be on naltrexone for life.",
    "Take LDN with a fatty meal and never after nine in the evening.",
    "Gabapentin must be stopped four weeks before the first dose of LDN.",
    "Vivid dreams are a sign that the drug is working.",
    "Opiates are safe with LDN as long as the dose is small.",
    "Dr. Liptan starts every patient on 9 mg of LDN twice a day.",
    "Candida can only be treated with antifungal drugs.",
    "Most insurers now cover compounded naltrexone for fibromyalgia patients.",
    "Women respond to LDN twice as fast as men.",
    "The spinal cord has nothing to do with pain in fibromyalgia.",
)
