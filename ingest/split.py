"""Canonical text → sections and statement spans, by half-open character offsets.

Every span points into the text it was given: nothing is rewritten, so `text[start:end]` is the statement.
It knows no speakers; a signed pull quote is told apart because its signature is not part of the quote.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.clean import BULLET, TERMINAL, is_title

_ABBREVIATION = re.compile(r"(?:\b(?:Dr|Prof|Mr|Mrs|Ms|St|Jr|Sr|No|vs|approx|Fig|etc|e\.g|i\.e|[A-Z])|^\s*\d+)\.$")
_BOUNDARY = re.compile(r"[.?!…]+[)\]”’\"']*(?=\s+[(\[“‘\"']*[A-Z0-9])")
_RUN_IN = re.compile(r"^(?P<head>[A-Z][^.?!–—]{0,60}?)\s+[–—]\s+(?=[A-Z])")
_NAME = r"(?:(?:Dr|Prof|Mr|Mrs|Ms)\.?\s+)?(?:[A-Z][\w.-]*\s+){1,3}[A-Z][\w-]+"
_SIGNED = re.compile(rf"^\s*(?P<quote>.*?[.?!”\"])\s+[–—-]?\s*(?P<signature>{_NAME})\s*$")
_SIGNATURE = re.compile(rf"^[–—-]?\s*(?P<signature>(?:Dr|Prof)\b\.?\s+{_NAME})$")
_HEADING_MAX_WORDS = 10


@dataclass(frozen=True)
class Unit:
    """One content sentence, list item or signed pull quote: `text[start:end]`, with its section's heading.

    `signature` is the span of the name under a pull quote, `None` for everything else.
    """

    start: int
    end: int
    section: str
    signature: tuple[int, int] | None = None


def split(text: str) -> list[Unit]:
    """Return the statement spans of a canonical text in reading order."""
    units: list[Unit] = []
    section = ""
    blocks = [(match.start(), match.group()) for match in re.finditer(r"[^\n]+", text)]
    for number, (offset, block) in enumerate(blocks):
        signature = _SIGNATURE.match(block.strip())
        if signature and units:
            last = units.pop()
            start = offset + block.index(signature["signature"])
            units.append(Unit(last.start, last.end, last.section, (start, start + len(signature["signature"]))))
        elif _is_heading(block, is_last=number == len(blocks) - 1):
            section = block.strip()
        else:
            units.extend(_units(offset, block, section))
            run_in = _run_in(block)
            if run_in:
                section = run_in
    return units


def _units(offset: int, block: str, section: str) -> Iterator[Unit]:
    if bullet := BULLET.match(block):
        if block[bullet.end() :].strip():
            yield Unit(offset + bullet.end(), offset + len(block.rstrip()), section)
        return
    if signed := _SIGNED.match(block):
        yield Unit(
            offset + signed.start("quote"),
            offset + signed.end("quote"),
            section,
            (offset + signed.start("signature"), offset + signed.end("signature")),
        )
        return
    run_in = _RUN_IN.match(block)
    start = run_in.end() if run_in and is_title(run_in["head"]) else len(block) - len(block.lstrip())
    for first, last in _sentences(block, start):
        yield Unit(offset + first, offset + last, _run_in(block) or section)


def _run_in(block: str) -> str:
    """The heading that opens a paragraph on its own line ("Sleep Issues – …"), or ""."""
    match = _RUN_IN.match(block)
    return match["head"] if match and is_title(match["head"]) and not BULLET.match(block) else ""


def _sentences(block: str, start: int) -> Iterator[tuple[int, int]]:
    for boundary in _BOUNDARY.finditer(block, start):
        stop = boundary.start() + 1
        if block[boundary.start()] == "." and _ABBREVIATION.search(block[start:stop]):
            continue
        yield start, boundary.end()
        start = boundary.end() + len(block[boundary.end() :]) - len(block[boundary.end() :].lstrip())
    if block[start:].strip():
        yield start, len(block.rstrip())


def _is_heading(block: str, *, is_last: bool) -> bool:
    words = block.split()
    if is_last or len(words) > _HEADING_MAX_WORDS or BULLET.match(block):
        return False
    return is_title(block) and (block.rstrip().endswith("?") or not TERMINAL.search(block))
