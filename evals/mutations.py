"""Sentences → quotes that are faithful to them and quotes that are not, by rule and without chance.

Each function takes a sentence and yields the quotes that it makes of it, none where the sentence gives no occasion.
`HONEST` must be accepted by a checker (`exact` or `reported`), `BAD` must not be passed as real.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from whosaid.sense import CONDITIONS, HEDGES, NEGATIONS, kinds
from whosaid.tokens import tokenize

Maker = Callable[[str], Iterator[str]]
_LONG = 8  # characters from which a word can be broken


def _exact(sentence: str) -> Iterator[str]:
    yield sentence


def _case(sentence: str) -> Iterator[str]:
    yield sentence.upper()
    yield sentence.lower()


def _typography(sentence: str) -> Iterator[str]:
    straight = sentence.translate(str.maketrans("’‘“”–—", "''\"\"--"))
    yield straight
    yield straight.replace("'", "’").replace(" - ", " — ").replace("...", "…").replace('"', "”")


def _white_space(sentence: str) -> Iterator[str]:
    words = sentence.split()
    yield "  ".join(words)
    yield " ".join(f"{word}\n" if number % 5 == 3 else word for number, word in enumerate(words))
    yield "\t".join(words)


def _no_break_space(sentence: str) -> Iterator[str]:
    yield sentence.replace(" ", "\u00a0")
    yield sentence.replace(" ", "\u202f", 3)


def _soft_hyphen(sentence: str) -> Iterator[str]:
    yield re.sub(r"\b([^\W\d_]{4})([^\W\d_]{4,})", "\\1\u00ad\\2", sentence)


def _hyphenated_line_break(sentence: str) -> Iterator[str]:
    yield from _once(r"\b([^\W\d_]{4})([^\W\d_]{5,})", r"\1-\n\2", sentence)


def _ligature(sentence: str) -> Iterator[str]:
    yield from _if_changed(
        sentence, sentence.replace("ffi", "ﬃ").replace("fi", "ﬁ").replace("fl", "ﬂ").replace("ff", "ﬀ")
    )


def _homoglyph(sentence: str) -> Iterator[str]:
    yield from _if_changed(sentence, sentence.translate(str.maketrans("oeacp", "оеаср")))
    yield from _if_changed(sentence, sentence.replace("o", "о", 2).replace("e", "е", 2))


def _ellipsis(sentence: str) -> Iterator[str]:
    """Leave out a run of words in the middle that has nothing in it that changes the sense."""
    words = sentence.split()
    for first in range(3, len(words) - 6):
        left_out = tokenize(" ".join(words[first : first + 3]))
        if not kinds(left_out):
            for mark in ("…", "...", "[…]"):
                yield " ".join([*words[:first], mark, *words[first + 3 :]])
            return


def _bracket(sentence: str) -> Iterator[str]:
    words = sentence.split()
    if len(words) >= _LONG:
        yield " ".join([*words[:4], "[sic]", *words[4:]])
        yield " ".join([*words[:4], "[the writer says]", *words[4:]])
        yield f"[{sentence[0]}]{sentence[1:]}"


def _part(sentence: str) -> Iterator[str]:
    """Take a part where all that is cut off has nothing in it that changes the sense."""
    words = sentence.split()
    for first, last in ((2, 9), (0, len(words) - 3), (1, len(words) - 1)):
        if not first + 5 <= last <= len(words):
            continue
        edges = words[first], words[last - 1]
        is_word = all(re.fullmatch(r"\W*[\w'’-]+\W*", edge) for edge in edges)
        hangs = edges[1][-1:].isdigit() or kinds(tokenize(edges[1])) or edges[1] in _HANGING
        cut = tokenize(" ".join(words[:first])), tokenize(" ".join(words[last:]))
        if is_word and not hangs and not kinds(cut[0]) and not kinds(cut[1]) and words[last : last + 1] != ["before"]:
            yield " ".join(words[first:last])


_HANGING = {"before", "after", "but", "although", "though", "however", "while", "fourteen"}
_SPELLED = {"3": "three", "4": "four", "6": "six", "9": "nine", "11": "eleven", "20": "twenty", "30": "thirty"}


def _same_quantity(sentence: str) -> Iterator[str]:
    yield from _once(r"\bmgs?\b", "milligrams", sentence)
    yield from _once(r"(?<![\d.,/-])1\.5 mgs\b", "1500 mcg", sentence)
    yield from _once(r"2/3rd[’']?s", "two thirds", sentence)
    yield from _once(r"(?<![\d.,/-])(\d+)%", r"\1 percent", sentence)
    for word, digits in (("six", "6"), ("three", "3"), ("two", "2"), ("fourteen", "14")):
        yield from _once(rf"\b{word}\b(?= (?:hours|weeks|days|months))", digits, sentence)
    for digits, word in _SPELLED.items():
        yield from _once(rf"(?<![\d.,/-]){digits}(?= (?:hours|weeks|days|months|years)\b)", word, sentence)


_OTHER_QUANTITIES = [
    ("six", "three"), ("three", "six"), ("two", "four"), ("fourteen", "four"), ("month", "week"), ("weeks", "days"),
    ("hours", "days"), ("half", "most"), ("mgs", "mcg"), ("mg", "g"),
]  # fmt: skip


def _number(sentence: str) -> Iterator[str]:
    for match in re.finditer(r"(?<![\w.,/])\d*\.?\d+(?![\w,/]*\w)", sentence):
        digits = match.group()
        for other in {digits[::-1], digits + "0", _plus_one(digits), digits.replace(".", "")} - {digits}:
            if re.fullmatch(r"\d*\.?\d+", other) and float(other) != float(digits):
                yield sentence[: match.start()] + other + sentence[match.end() :]
    for word, other in _OTHER_QUANTITIES:
        yield from _once(rf"\b{word}\b", other, sentence)


def _plus_one(digits: str) -> str:
    return f"{float(digits) + 1:g}"


def _negation_added(sentence: str) -> Iterator[str]:
    for verb in (
        "is",
        "are",
        "was",
        "were",
        "can",
        "could",
        "may",
        "might",
        "should",
        "does",
        "do",
        "will",
        "has",
        "have",
    ):
        if re.search(rf"\b{verb}\b(?! not\b|n['’]t)", sentence):
            yield re.sub(rf"\b{verb}\b(?! not\b)", f"{verb} not", sentence, count=1)


def _negation_dropped(sentence: str) -> Iterator[str]:
    yield from _once(r"n['’]t\b", "", sentence)
    yield from _once(r"\bcannot\b", "can", sentence)
    for word in NEGATIONS:
        yield from _once(rf"\b{word} ", "", sentence)


def _hedge_dropped(sentence: str) -> Iterator[str]:
    for word in HEDGES:
        yield from _once(rf"\b{word},? (?:to )?", "", sentence)
    for phrase in ("in her experience ", "in general, ", "that in her experience "):
        yield from _once(rf"\b{phrase}", "", sentence)


def _condition_dropped(sentence: str) -> Iterator[str]:
    for word in (*CONDITIONS, "as long as", "after"):
        yield from _once(rf"(?:, |\b){word}\b[^,.;:()]*(?:, )?", "", sentence)


def _word(sentence: str) -> Iterator[str]:
    pairs = [
        ("improves", "degrades"), ("improve", "worsen"), ("increase", "reduction"), ("increased", "reduced"),
        ("reduce", "raise"), ("propose", "disprove"), ("significant", "negligible"), ("significantly", "hardly"),
        ("outperforms", "underperforms"), ("effective", "unusable"), ("show", "refute"), ("large", "miniature"),
        ("method", "technique"), ("results", "findings"), ("model", "system"), ("dataset", "corpus"),
        ("approach", "strategy"), ("performance", "accuracy"), ("patients", "people"), ("recommends", "advises"),
        ("helpful", "useful"), ("best", "worst"), ("minimal", "severe"), ("at night", "in the morning"),
    ]  # fmt: skip
    for old, new in pairs:
        yield from _once(rf"\b{old}\b", new, sentence)


def _order(sentence: str) -> Iterator[str]:
    words = sentence.split()
    if len(words) >= _LONG and len({word.lower() for word in words[2:6]}) == 4:
        yield " ".join([*words[:2], *reversed(words[2:6]), *words[6:]])


def _drug(sentence: str) -> Iterator[str]:
    swaps = {
        "LDN": "ULDN", "ULDN": "LDN", "gabapentin": "pregabalin", "opiates": "opioid blockers", "candida": "thrush",
        "naloxone": "naltrexone", "opioids": "NSAIDs", "methadone": "codeine", "morphine": "codeine",
    }  # fmt: skip
    for old, new in swaps.items():
        yield from _once(rf"\b{old}\b", new, sentence)


def _person(sentence: str) -> Iterator[str]:
    yield from _once(r"\bLiptan\b", "Younger", sentence)
    yield from _once(r"\bYounger\b", "Liptan", sentence)
    yield from _once(r"\b[Ss]he\b", "Jared Younger", sentence)
    yield from _once(r"\bStanford\b", "Harvard", sentence)


def _if_changed(sentence: str, quote: str) -> Iterator[str]:
    if quote != sentence:
        yield quote


def _once(pattern: str, replacement: str, sentence: str) -> Iterator[str]:
    yield from _if_changed(sentence, re.sub(pattern, replacement, sentence, count=1))


def splices(first: str, second: str) -> Iterator[str]:
    """Yield the first half of one sentence with the second half of another, with and without an ellipsis."""
    head, tail = first.split(), second.split()
    if len(head) >= _LONG and len(tail) >= _LONG:
        halves = head[: len(head) // 2], tail[len(tail) // 2 :]
        yield " ".join([*halves[0], *halves[1]])
        yield " ".join([*halves[0], "…", *halves[1]])


HONEST: Mapping[str, Maker] = {
    "exact": _exact, "case": _case, "typography": _typography, "white_space": _white_space,
    "no_break_space": _no_break_space, "soft_hyphen": _soft_hyphen, "hyphenated_line_break": _hyphenated_line_break,
    "ligature": _ligature, "homoglyph": _homoglyph, "ellipsis": _ellipsis, "bracket": _bracket, "part": _part,
    "same_quantity": _same_quantity,
}  # fmt: skip
BAD: Mapping[str, Maker] = {
    "number": _number, "negation_added": _negation_added, "negation_dropped": _negation_dropped,
    "hedge_dropped": _hedge_dropped, "condition_dropped": _condition_dropped, "word": _word, "order": _order,
    "drug": _drug, "person": _person,
}  # fmt: skip
