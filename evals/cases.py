"""Case files → cases. The format is described in README.md in this folder."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zlib import crc32

from whosaid.errors import WhoSaidError


class CaseError(WhoSaidError):
    """A case file is missing or broken."""


ANSWERABLE, PARTIAL, UNANSWERABLE = LABELS = ("ANSWERABLE", "PARTIAL", "UNANSWERABLE")
ASKED = {"question", "followup"}  # the kinds that the metrics of answers count


@dataclass(frozen=True)
class Case:
    """A conversation with what a careful reader would show for its last turn.

    `evidence`, `must` and `danger` are exact substrings of the article, `speakers` one label an evidence. `whole`
    is the last turn as its author would ask it alone, "" where nobody wrote that down.
    """

    id: str
    kind: str
    turns: tuple[str, ...]
    label: str
    evidence: tuple[str, ...]
    speakers: tuple[str, ...]
    must: tuple[str, ...]
    danger: tuple[str, ...]
    arguable: bool
    note: str
    whole: str = ""


def load_cases(path: Path) -> list[Case]:
    """Return the cases of a JSONL file. Raises `CaseError` naming the line that is broken."""
    try:
        lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"cannot read the cases at {path}: {error}") from error
    cases = []
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            texts = {name: _texts(row, name) for name in ("turns", "evidence", "evidence_speakers", "must", "danger")}
            case = Case(
                row["id"], row["kind"], texts["turns"], row["label"], texts["evidence"], texts["evidence_speakers"],
                texts["must"], texts["danger"], bool(row.get("arguable")), row.get("note", ""), row.get("whole", ""),
            )  # fmt: skip
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CaseError(f"{path}, line {number}: not a case ({error!r})") from error
        if not case.turns or len(case.speakers) != len(case.evidence):
            raise CaseError(f"{path}, line {number}: a case has turns, and one speaker for each evidence")
        if case.kind in ASKED and case.label not in LABELS:
            raise CaseError(f"{path}, line {number}: label {case.label!r} is none of {', '.join(LABELS)}")
        cases.append(case)
    return cases


def amid(cases: Sequence[Case], conversations: Sequence[Case]) -> list[Case]:
    """Return the cases of one turn, each behind the turns before the last of a conversation drawn by its id."""
    return [
        replace(case, turns=(*conversations[crc32(case.id.encode()) % len(conversations)].turns[:-1], *case.turns))
        for case in cases
        if len(case.turns) == 1
    ]


def _texts(row: dict[str, Any], name: str) -> tuple[str, ...]:
    texts = row.get(name, [])
    if not isinstance(texts, list):
        raise TypeError(f"{name} is not a list")
    return tuple(texts)
