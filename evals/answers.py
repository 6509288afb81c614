"""Cases → outcomes, for WhoSaid itself."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

from evals.cases import Case
from evals.metrics import Outcome
from whosaid.chat import Assistant
from whosaid.errors import WhoSaidError
from whosaid.export import answer_json
from whosaid.types import NARRATOR, Statement


def run(assistant: Assistant, cases: Sequence[Case]) -> Iterator[tuple[Outcome, dict[str, Any]]]:
    """Answer every case; yield its outcome with what `ask --json` would have printed."""
    for case in cases:
        started = time.perf_counter()
        assistant.embedder.embed_query(case.turns[-1])
        encoded = time.perf_counter()
        try:
            answer = assistant.ask(case.turns)
        except WhoSaidError as error:
            yield Outcome(case, "error", (), (), 0.0), {"error": str(error)}
            continue
        ended = time.perf_counter()
        own = [item.statement for item in answer.statements if not item.needed_by]
        outcome = Outcome(
            case,
            str(answer.status),
            tuple(statement.text for statement in own),
            tuple(speaker(statement) for statement in own),
            answer.findings.answerable if answer.findings else 0.0,
            tuple(notice.kind for notice in answer.notices),
            ms=(ended - encoded) * 1000,
            encode_ms=(encoded - started) * 1000,
        )
        yield outcome, answer_json(answer)


def speaker(statement: Statement) -> str:
    """Return the speaker in the metrics' terms: "main", "narrator" or a name."""
    if statement.speaker == statement.quote.article.main_speaker:
        return "main"
    return "narrator" if statement.speaker == NARRATOR else statement.speaker
