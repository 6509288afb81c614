"""Answers and statements → the shapes that leave WhoSaid. The JSON shapes are contracts: see docs in README.md."""

from typing import Any

from whosaid.types import Answer, Shown, Statement, Verdict

_NEAREST_SHOWN = 8


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
    } | (
        {"prose": [{"text": sentence.text, "ids": list(sentence.ids)} for sentence in answer.prose]}
        if answer.prose
        else {}
    )


def explanation_json(answer: Answer) -> dict[str, Any]:
    """Return why an answer is what it is: the signs, the nearest bank questions, the parts of each score."""
    findings = answer.findings
    if findings is None:
        return {}
    shown = {item.statement.id for item in (*answer.statements, *answer.related)}
    return {
        "answerable": round(findings.answerable, 4),
        "answered_from": findings.threshold,
        "sure_from": findings.sure,
        "topic": findings.topic,
        "not_in_the_article": list(findings.absent),
        "remarks": list(answer.remarks),
        "nearest_questions": [
            {"question": q.text, "similarity": round(similarity, 3), "statements": list(q.statements), "topic": q.topic}
            for q, similarity in findings.near[:_NEAREST_SHOWN]
        ],
        "scores": {
            hit.statement.id: {name: round(part, 4) for name, part in hit.parts.items()}
            | {"score": round(hit.score, 4)}
            for hit in findings.hits
            if hit.statement.id in shown
        },
    }


def statement_json(statement: Statement) -> dict[str, Any]:
    """Return what `statements --json` prints for one statement."""
    return _place_json(statement) | {"needs": list(statement.needs), "reviewed_by": statement.reviewed_by}


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """Return what `check --json` prints for one claim."""
    return {
        "claim": verdict.claim.text,
        "claimed_speaker": verdict.claim.speaker,
        "verdict": str(verdict.ruling),
        "actual_speaker": verdict.actual_speaker,
        "statement": _place_json(verdict.statements[0]) if verdict.statements else None,
        "changes": [{"kind": c.kind, "theirs": c.theirs, "article": c.article} for c in verdict.changes],
    }


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
