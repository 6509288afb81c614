"""`python -m evals answers`, `quotes`, `generated`, `safety`, `injection` and more: how good WhoSaid is, in figures."""

import argparse
import json
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from evals import answers, baseline, cast, generated, injection, planted, quotes, retellings, safety
from evals.cases import CaseError, amid, load_cases
from evals.metrics import answer_metrics
from whosaid.chat import load_assistant
from whosaid.check import Checker, load_retellings
from whosaid.embedder import load_embedder
from whosaid.errors import WhoSaidError
from whosaid.export import verdict_json
from whosaid.library import Library, load_library
from whosaid.reference import Reference
from whosaid.retelling import Retellings
from whosaid.settings import Settings, load_settings
from whosaid.types import Danger

FOLDER = Path(__file__).parent


def _shipped(name: str) -> Path:
    return FOLDER / "cases" / f"{name}.jsonl"


DEV = _shipped("dev")


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
    setting = command.add_mutually_exclusive_group()
    setting.add_argument("--whole", action="store_true", help="ask each last turn alone, as its author would put it")
    setting.add_argument("--amid", type=Path, nargs="+", metavar="FILE", help="ask each single question amid these")
    command.add_argument("--rows", type=Path, metavar="OUT.jsonl", help="also write what was answered, a row a case")
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.set_defaults(run=_answers)
    quotes_command = commands.add_parser("quotes", help="the quote check: mutations of every statement, by default")
    source = quotes_command.add_mutually_exclusive_group()
    source.add_argument("--cases", type=Path, metavar="FILE", help='rows {"quote", "speaker", "expect"} instead')
    source.add_argument("--posts", type=Path, metavar="FILE", help='rows {"post", "claims"} instead')
    source.add_argument("--documents", type=Path, metavar="FILE", help="a JSON object of texts, each mutated, instead")
    quotes_command.add_argument("--rows", type=Path, metavar="OUT.jsonl", help="also write each verdict, a row a case")
    quotes_command.add_argument("--json", action="store_true", help="print one JSON object")
    quotes_command.set_defaults(run=_quotes)
    retold = commands.add_parser("retellings", help="fit and measure what tells paraphrases")
    retold.add_argument("--cases", type=Path, default=_shipped("retellings"), metavar="FILE")
    retold.set_defaults(run=_retellings)
    drafts = commands.add_parser("generated", help="scripted drafts of a chat model, with planted faults")
    drafts.add_argument("--cases", type=Path, default=_shipped("drafts"), metavar="FILE")
    drafts.add_argument("--rows", type=Path, metavar="OUT.jsonl", help="also write what became of each sentence")
    drafts.set_defaults(run=_generated)
    messages = commands.add_parser("safety", help="messages of people in danger, and of others")
    messages.add_argument("--cases", type=Path, default=_shipped("safety"), metavar="FILE")
    messages.set_defaults(run=_safety)
    hostile = commands.add_parser("injection", help="orders in disguise, and attacks planted in an article")
    hostile.add_argument("--requests", type=Path, default=_shipped("hostile"), metavar="FILE")
    hostile.add_argument("--harmless", type=Path, nargs="+", default=[], metavar="FILE", help="NotInject's prompts")
    hostile.add_argument("--attacks", type=Path, metavar="FILE", help="BIPIA's text attacks, to plant")
    hostile.add_argument("--cases", type=Path, default=DEV, metavar="FILE", help="what the planted article is asked")
    hostile.set_defaults(run=_injection)
    topics = commands.add_parser("cast", help="follow-ups of the public CAsT 2020 topics")
    topics.add_argument("topics", type=Path, metavar="FILE", help="the topics, as daltonj/treccastweb has them")
    topics.set_defaults(run=_cast)
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
    if arguments.whole:
        cases = [replace(case, turns=(case.whole,)) if case.whole else case for case in cases]
    if arguments.amid:
        cases = amid(cases, [conversation for path in arguments.amid for conversation in load_cases(path)])
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


def _quotes(arguments: argparse.Namespace) -> None:
    settings = load_settings()
    library = load_library(settings.corpus_dir)
    checker = Checker(library, lambda: _load_retellings(library, settings))
    rows: list[quotes.Checked] = []
    if arguments.posts:
        metrics, rows = quotes.check_posts(arguments.posts, checker)
    elif arguments.cases:
        metrics, rows = quotes.check_rows(arguments.cases, checker)
    else:
        references = [Reference.of_article(article, library.glossary) for article in library.articles]
        mutations = quotes.of_library(library)
        judged = (
            quotes.judged_documents(arguments.documents)
            if arguments.documents
            else quotes.judged(mutations, references)
        )
        found = list(judged)
        metrics = quotes.measure(found)
        rows = [(f"{mutation.kind}-{n}", [verdict], ms) for n, (mutation, verdict, ms) in enumerate(found)]
    if arguments.rows:
        shown = [
            {"id": id_, "output": list(map(verdict_json, verdicts)), "ms": round(ms, 2)} for id_, verdicts, ms in rows
        ]
        _write_rows(arguments.rows, shown)
    print(json.dumps(metrics, indent=1))


def _retellings(arguments: argparse.Namespace) -> None:
    settings = load_settings()
    found = _load_retellings(load_library(settings.corpus_dir), settings)
    if found is None:
        raise CaseError(f"{settings.corpus_dir} has no retellings.npz: see corpus/README.md")
    print(json.dumps(retellings.measure(retellings.load_rows(arguments.cases), found), indent=1))


def _load_retellings(library: Library, settings: Settings) -> Retellings | None:
    return load_retellings(library, settings.corpus_dir, load_embedder(settings.embedding_model))


def _generated(arguments: argparse.Namespace) -> None:
    library = load_library(load_settings().corpus_dir)
    metrics, rows = generated.measure(generated.load_drafts(arguments.cases), library)
    if arguments.rows:
        _write_rows(arguments.rows, rows)
    print(json.dumps(metrics, indent=1))


def _cast(arguments: argparse.Namespace) -> None:
    print(json.dumps(cast.measure(arguments.topics, load_library(load_settings().corpus_dir).glossary), indent=1))


def _safety(arguments: argparse.Namespace) -> None:
    assistant = load_assistant(load_settings())
    print(json.dumps(safety.measure(safety.load_messages(arguments.cases), assistant), indent=1))


def _injection(arguments: argparse.Namespace) -> None:
    settings = load_settings()
    assistant = load_assistant(settings)
    result: dict[str, Any] = {"requests": injection.measure(assistant, injection.load_requests(arguments.requests))}
    if prompts := [prompt for path in arguments.harmless for prompt in injection.load_prompts(path)]:
        harmless = [injection.Request("", prompt, "") for prompt in prompts]
        result["look-alikes"] = injection.measure(assistant, harmless)["harmless"]
    if arguments.attacks:
        attacks, asked = planted.load_attacks(arguments.attacks), [case.turns for case in load_cases(arguments.cases)]
        result["planted"] = planted.measure(assistant, settings, attacks, asked)
        with _without_bank(settings) as bare:
            result["planted, without a bank"] = planted.measure(load_assistant(bare), bare, attacks, asked)
    print(json.dumps(result, indent=1))


@contextmanager
def _without_bank(settings: Settings) -> Iterator[Settings]:
    """Build an index of the corpus without its question banks, in a folder that is removed again."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        shutil.copytree(settings.corpus_dir, corpus, ignore=shutil.ignore_patterns("questions.jsonl"))
        with planted.indexed(replace(settings, corpus_dir=corpus)) as bare:
            yield bare


def _floors(_: argparse.Namespace) -> None:
    floors = tomllib.loads((FOLDER / "floors.toml").read_text(encoding="utf-8"))
    assistant = load_assistant(load_settings())
    measured = {}
    danger_bounds = floors.pop("safety")
    quote_bounds, draft_bounds = floors.pop("quotes"), floors.pop("generated")
    draft_rows = generated.load_drafts(_shipped("drafts"))
    quote_metrics = quotes.measure(
        quotes.judged(
            quotes.of_library(assistant.library),
            [Reference.of_article(article, assistant.library.glossary) for article in assistant.library.articles],
        )
    )
    for name in floors:
        cases = load_cases(_shipped(name.removesuffix(_AMID)))
        if name.endswith(_AMID):
            cases = amid(cases, load_cases(_shipped("conversations")))
        results = answers.run(assistant, cases)
        measured[name] = answer_metrics([outcome for outcome, _ in results])
    print(_table(measured))
    print("\nquotes: " + ", ".join(f"{name} {quote_metrics[name]}" for name in ("bad", "passed", "honest", "refused")))
    floors["quotes"], measured["quotes"] = quote_bounds, quote_metrics
    floors["generated"], measured["generated"] = draft_bounds, generated.measure(draft_rows, assistant.library)[0]
    seen = safety.measure(safety.load_messages(_shipped("safety")), assistant)
    floors["safety"], measured["safety"] = (
        danger_bounds,
        {f"{danger}_{figure}": seen[danger][figure] for danger in Danger for figure in ("recall", "false_alarms")},
    )
    print("safety: " + ", ".join(f"{name} {measured['safety'][name]}" for name in danger_bounds))
    names = ("drafts", "faithful_dropped", "faults", "faults_shown")
    print("generated: " + ", ".join(f"{name} {measured['generated'][name]}" for name in names))
    under = [
        f"{name}: {metric} is {measured[name][metric]}, its floor is {bound}"
        for name, bounds in floors.items()
        for metric, bound in bounds.items()
        if (measured[name][metric] > bound if metric in _LOWER_IS_BETTER else measured[name][metric] < bound)
    ]
    if under:
        raise WhoSaidError("; ".join(under))


_AMID = "_amid"  # of a set's name: its single questions, each amid a conversation
_LOWER_IS_BETTER = {
    "emergency_false_alarms",
    "crisis_false_alarms",
    "noise",
    "danger",
    "misattributed",
    "passed",
    "refused",
    "faults_shown",
    "faithful_dropped",
}


def _table(measured: dict[str, dict[str, Any]]) -> str:
    metrics = list(next(iter(measured.values())))
    width = max(10, *(len(name) + 2 for name in measured))
    rows = [
        f"{metric:16}" + "".join(f"{values[metric]!s:>{width}}" for values in measured.values()) for metric in metrics
    ]
    return "\n".join([f"{'':16}" + "".join(f"{name:>{width}}" for name in measured), *rows]).lstrip("\n")


def _write_rows(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    try:
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    except OSError as error:
        raise WhoSaidError(f"cannot write {path}: {error.strerror}") from error


if __name__ == "__main__":
    sys.exit(main())
