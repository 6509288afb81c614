"""`python -m evals answers --cases FILE`: how good the answers are, in figures."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from evals import answers, baseline
from evals.cases import load_cases
from evals.metrics import answer_metrics
from whosaid.chat import load_assistant
from whosaid.embedder import load_embedder
from whosaid.errors import WhoSaidError
from whosaid.library import load_library
from whosaid.settings import ROOT, Settings, load_settings

FOLDER = Path(__file__).parent
DEV = FOLDER / "cases" / "dev.jsonl"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one evaluation. Returns 0 done, 1 a clear error or a figure under its floor, on stderr."""
    parser = argparse.ArgumentParser(prog="python -m evals", description="Measure WhoSaid.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("answers", help="questions against what a careful reader would show")
    command.add_argument("--cases", type=Path, default=DEV, metavar="FILE", help=f"JSONL, by default {DEV.name}")
    other = command.add_mutually_exclusive_group()
    other.add_argument(
        "--baseline", nargs="?", const="tutorial", choices=sorted(baseline.BASELINES), help="measure this instead"
    )
    other.add_argument("--without-bank", action="store_true", help="measure an article that has no question bank yet")
    command.add_argument("--rows", type=Path, metavar="OUT.jsonl", help="also write what was answered, a row a case")
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.set_defaults(run=_answers)
    floors = commands.add_parser("floors", help="every shipped set, against the floors in floors.toml")
    floors.set_defaults(run=_floors)
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
        library, embedder = load_library(settings.corpus_dir), load_embedder(settings.embedding_model)
        results = list(baseline.run(arguments.baseline, library, embedder, cases))
    else:
        with _without_bank(settings) if arguments.without_bank else nullcontext(settings) as chosen:
            results = list(answers.run(load_assistant(chosen), cases))
    if arguments.rows:
        rows = [{"id": o.case.id, "output": output, "ms": round(o.ms, 2)} for o, output in results]
        _write_rows(arguments.rows, rows)
    metrics = answer_metrics([outcome for outcome, _ in results])
    print(json.dumps(metrics, indent=1) if arguments.json else _table({"": metrics}))


@contextmanager
def _without_bank(settings: Settings) -> Iterator[Settings]:
    """Build an index of the corpus without its question banks, in a folder that is removed again."""
    with tempfile.TemporaryDirectory() as folder:
        bare = replace(settings, corpus_dir=Path(folder) / "corpus", index_dir=Path(folder) / "index")
        shutil.copytree(settings.corpus_dir, bare.corpus_dir, ignore=shutil.ignore_patterns("questions.jsonl"))
        command = [sys.executable, "-m", "ingest", "--corpus", str(bare.corpus_dir)]
        environment = os.environ | {"WHOSAID_INDEX_DIR": str(bare.index_dir)}
        run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        if run.returncode:
            raise WhoSaidError(run.stderr.strip())
        yield bare


def _floors(_: argparse.Namespace) -> None:
    floors = tomllib.loads((FOLDER / "floors.toml").read_text(encoding="utf-8"))
    assistant = load_assistant(load_settings())
    measured = {}
    for name in floors:
        results = answers.run(assistant, load_cases(FOLDER / "cases" / f"{name}.jsonl"))
        measured[name] = answer_metrics([outcome for outcome, _ in results])
    print(_table(measured))
    under = [
        f"{name}: {metric} is {measured[name][metric]}, its floor is {bound}"
        for name, bounds in floors.items()
        for metric, bound in bounds.items()
        if (measured[name][metric] > bound if metric in _LOWER_IS_BETTER else measured[name][metric] < bound)
    ]
    if under:
        raise WhoSaidError("; ".join(under))


_LOWER_IS_BETTER = {"noise", "danger", "misattributed"}


def _table(measured: dict[str, dict[str, Any]]) -> str:
    metrics = list(next(iter(measured.values())))
    rows = [f"{metric:16}" + "".join(f"{values[metric]!s:>10}" for values in measured.values()) for metric in metrics]
    return "\n".join([f"{'':16}" + "".join(f"{name:>10}" for name in measured), *rows]).lstrip("\n")


def _write_rows(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    try:
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    except OSError as error:
        raise WhoSaidError(f"cannot write {path}: {error.strerror}") from error


if __name__ == "__main__":
    sys.exit(main())
