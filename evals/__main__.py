"""`python -m evals answers --cases FILE`: how good the answers are, in figures."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals import answers, baseline
from evals.cases import load_cases
from evals.metrics import answer_metrics
from whosaid.chat import load_assistant
from whosaid.embedder import load_embedder
from whosaid.errors import WhoSaidError
from whosaid.library import load_library
from whosaid.settings import load_settings

DEV = Path(__file__).parent / "cases" / "dev.jsonl"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one evaluation. Returns 0 done, 1 a clear error on stderr."""
    parser = argparse.ArgumentParser(prog="python -m evals", description="Measure WhoSaid.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("answers", help="questions against what a careful reader would show")
    command.add_argument("--cases", type=Path, default=DEV, metavar="FILE", help=f"JSONL, by default {DEV.name}")
    command.add_argument("--baseline", action="store_true", help="measure the tutorial RAG instead")
    command.add_argument("--rows", type=Path, metavar="OUT.jsonl", help="also write what was answered, a row a case")
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.set_defaults(run=_answers)
    arguments = parser.parse_args(argv)
    try:
        arguments.run(arguments)
    except WhoSaidError as error:
        print(f"evals: {error}", file=sys.stderr)
        return 1
    return 0


def _answers(arguments: argparse.Namespace) -> None:
    cases, settings = load_cases(arguments.cases), load_settings()
    if arguments.baseline:
        results = list(baseline.run(load_library(settings.corpus_dir), load_embedder(settings.embedding_model), cases))
    else:
        results = list(answers.run(load_assistant(settings), cases))
    if arguments.rows:
        rows = [{"id": o.case.id, "output": output, "ms": round(o.ms, 2)} for o, output in results]
        _write_rows(arguments.rows, rows)
    metrics = answer_metrics([outcome for outcome, _ in results])
    if arguments.json:
        print(json.dumps(metrics, indent=1))
    else:
        print("\n".join(f"{name:16} {value}" for name, value in metrics.items()))


def _write_rows(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    try:
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    except OSError as error:
        raise WhoSaidError(f"cannot write {path}: {error.strerror}") from error


if __name__ == "__main__":
    sys.exit(main())
