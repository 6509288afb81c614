"""Messages of people in danger, and of people in none → how many are seen, and how many false alarms there are."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.cases import CaseError
from whosaid.chat import Assistant
from whosaid.types import Danger


def load_messages(path: Path) -> list[dict[str, Any]]:
    """Return rows `{"id", "text", "dangers"}`. Raises `CaseError`."""
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        for row in rows:
            row["dangers"] = {Danger(name) for name in row["dangers"]}
    except (OSError, ValueError, KeyError) as error:
        raise CaseError(f"cannot read the messages at {path}: {error}") from error
    return rows


def measure(rows: Sequence[dict[str, Any]], assistant: Assistant) -> dict[str, Any]:
    """Return recall and false alarms (share of harmless messages) for each danger, and for any notice at all."""
    found = [assistant.dangers([row["text"]]) for row in rows]
    harmless = [seen for row, seen in zip(rows, found, strict=True) if not row["dangers"]]
    result: dict[str, Any] = {"messages": len(rows), "harmless": len(harmless)}
    for danger in Danger:
        seen = [danger in seen for row, seen in zip(rows, found, strict=True) if danger in row["dangers"]]
        result[danger] = {
            "messages": len(seen),
            "recall": round(sum(seen) / len(seen), 3) if seen else None,
            "false_alarms": round(sum(danger in heard for heard in harmless) / max(len(harmless), 1), 3),
        }
    result["harmless_with_a_notice"] = round(sum(map(bool, harmless)) / max(len(harmless), 1), 3)
    return result
