"""Scripted drafts with planted faults → how many faults a reader would see, how many faithful sentences are lost."""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evals.cases import CaseError
from whosaid.library import Library
from whosaid.types import Sentence
from whosaid.verify import verify
from whosaid.write import draft

# What `verify` promises to see. "advice", "reversed" and "invented_fact" are measured as well: it sees a part of them.
PROMISED = (
    "wrong_dose", "wrong_time", "dropped_not", "wrong_speaker", "invented_drug", "invented_quotation", "uncited",
    "cites_not_given", "dropped_hedge",
)  # fmt: skip


class ScriptedModel:
    """A chat model that says what it is told to."""

    name = "scripted:drafts"

    def __init__(self, reply: Mapping[str, Any]) -> None:
        self._reply = reply

    def reply(self, system: str, user: str, schema: Mapping[str, Any]) -> dict[str, Any]:
        """Return the scripted reply, whatever is asked."""
        del system, user, schema
        return dict(self._reply)


def load_drafts(path: Path) -> list[dict[str, Any]]:
    """Return rows `{"question", "given", "sentences": [{"text", "ids", "fault"}]}`. Raises `CaseError`."""
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise CaseError(f"cannot read the drafts at {path}: {error}") from error


def measure(rows: list[dict[str, Any]], library: Library) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the metrics, and what became of each sentence."""
    seen: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    outcomes = []
    for row in rows:
        given = [statement for id_ in row["given"] if (statement := library.statement(id_))]
        if len(given) != len(row["given"]):
            raise CaseError(f"{row['id']}: a statement that it is given is not in the corpus")
        script = [{"text": sentence["text"], "ids": sentence["ids"]} for sentence in row["sentences"]]
        written = draft(row["question"], given, ScriptedModel({"sentences": script}))
        kept, dropped = verify(written, given, library.glossary)
        why = {item.sentence: item.rule for item in dropped}
        for sentence in row["sentences"]:
            fault, mine = sentence["fault"], Sentence(sentence["text"], tuple(sentence["ids"]))
            seen[fault] += 1
            shown[fault] += mine in kept
            outcomes.append({"id": row["id"], "text": mine.text, "fault": fault, "dropped": why.get(mine, "")})
    promised = sum(seen[fault] for fault in PROMISED)
    return {
        "drafts": len(rows),
        "faithful": seen[""],
        "faithful_dropped": round(1 - shown[""] / max(seen[""], 1), 4),
        "faults": promised,
        "faults_shown": sum(shown[fault] for fault in PROMISED),
        "shown_by_kind": {fault: f"{shown[fault]} of {seen[fault]}" for fault in sorted(seen) if fault},
    }, outcomes
