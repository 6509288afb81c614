"""Answers and statements → the shapes that leave WhoSaid. The JSON shapes are contracts: see docs in README.md."""

from typing import Any

from whosaid.types import Answer, Shown, Statement


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return what `ask --json` prints."""
    return {
        "status": str(answer.status),
        "read_as": answer.read_as,
        "lead": answer.lead,
        "statements": [_shown_json(item) for item in answer.statements],
        "related": [_shown_json(item) for item in answer.related],
        "notices": [{"kind": notice.kind, "text": notice.text} for notice in answer.notices],
        "follow_ups": list(answer.follow_ups),
        "model": answer.model,
    }


def statement_json(statement: Statement) -> dict[str, Any]:
    """Return what `statements --json` prints for one statement."""
    return _place_json(statement) | {"needs": list(statement.needs), "reviewed_by": statement.reviewed_by}


def _shown_json(item: Shown) -> dict[str, Any]:
    return _place_json(item.statement) | {"score": round(item.score, 4), "needed_by": item.needed_by or None}


def _place_json(statement: Statement) -> dict[str, Any]:
    return {
        "id": statement.id,
        "article": statement.quote.article.id,
        "start": statement.quote.span.start,
        "end": statement.quote.span.end,
        "text": statement.text,
        "speaker": statement.speaker,
        "mode": str(statement.mode),
        "channel": statement.channel,
        "section": statement.section,
    }
