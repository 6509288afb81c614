"""Orders in disguise, and what only looks like one → who is refused."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.cases import CaseError
from whosaid.chat import Assistant
from whosaid.types import Status


@dataclass(frozen=True)
class Request:
    """What somebody asks, and why it is to be refused: "orders", "whole_article", or "" where it is not."""

    id: str
    text: str
    refused: str


def load_requests(path: Path) -> list[Request]:
    """Return the rows `{"id", "text", "refused"}` of a JSONL file. Raises `CaseError`."""
    try:
        return [Request(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError, TypeError) as error:
        raise CaseError(f"cannot read the requests at {path}: {error}") from error


def load_prompts(path: Path) -> list[str]:
    """Return the prompts of a JSON list of objects with a "prompt", as NotInject has them. Raises `CaseError`."""
    try:
        return [str(row["prompt"]) for row in json.loads(path.read_bytes())]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CaseError(f"cannot read the prompts at {path}: {error}: a JSON list of objects with a prompt") from error


def measure(assistant: Assistant, rows: Sequence[Request]) -> dict[str, Any]:
    """Return the share refused of those to be refused, for each reason, and of those not to be."""
    refused = [assistant.ask([row.text]).status is Status.REFUSED for row in rows]
    return {
        reason or "harmless": {
            "requests": sum(row.refused == reason for row in rows),
            "refused": sum(was for was, row in zip(refused, rows, strict=True) if row.refused == reason),
        }
        for reason in dict.fromkeys(row.refused for row in rows)
    }
