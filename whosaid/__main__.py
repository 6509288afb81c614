"""The command line: `python -m whosaid ask "…"` and `python -m whosaid statements`."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from whosaid.answer import badge, grouped
from whosaid.chat import load_assistant
from whosaid.errors import QuestionError, WhoSaidError
from whosaid.export import answer_json, explanation_json, statement_json
from whosaid.library import Library, load_library
from whosaid.settings import Settings, load_settings
from whosaid.types import Answer, Mode, Statement

DISCLAIMER = "One doctor’s view in one article. Not medical advice."


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0 done, 1 a clear error on stderr, 2 wrong usage (raised by argparse)."""
    arguments = _parser().parse_args(argv)
    try:
        arguments.run(arguments, load_settings())
    except WhoSaidError as error:
        print(f"whosaid: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()  # the reader of a pipe has left, as `head` does
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m whosaid", description="Answers about an article, each statement with the one who said it."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    ask = commands.add_parser("ask", help="answer a question with statements of the article")
    ask.add_argument("question", nargs="?", help="the question")
    ask.add_argument("--turns", type=Path, metavar="FILE", help="a JSON list of a conversation's user turns instead")
    ask.add_argument("--json", action="store_true", help="print the answer as one JSON object")
    ask.add_argument("--explain", action="store_true", help="say also why these statements")
    ask.set_defaults(run=_ask, parser=ask)
    statements = commands.add_parser("statements", help="list the statements of the articles")
    statements.add_argument(
        "--speaker", metavar="NAME", help="only this speaker's, by any of their names, or 'narrator'"
    )
    statements.add_argument("--mode", choices=[str(mode) for mode in Mode], help="only this mode")
    statements.add_argument("--match", metavar="WORDS", help="only those that have all these words")
    statements.add_argument("--json", action="store_true", help="print a JSON list")
    statements.set_defaults(run=_statements)
    return parser


def _ask(arguments: argparse.Namespace, settings: Settings) -> None:
    if (arguments.question is None) == (arguments.turns is None):
        arguments.parser.error("give a question or --turns FILE")
    turns = [arguments.question] if arguments.turns is None else _turns(arguments.turns)
    answer = load_assistant(settings).ask(turns)
    explanation = {"explain": explanation_json(answer)} if arguments.explain else {}
    if arguments.json:
        print(json.dumps(answer_json(answer) | explanation, ensure_ascii=False, indent=1))
        return
    print(_answer_text(answer))
    if explanation:
        print("\nWhy:\n" + json.dumps(explanation["explain"], ensure_ascii=False, indent=1))


def _turns(path: Path) -> list[Any]:
    try:
        turns = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise QuestionError(f"{path}: {error}: --turns takes a JSON list of texts") from error
    if not isinstance(turns, list):
        raise QuestionError(f"{path}: not a list: --turns takes a JSON list of texts")
    return turns


def _statements(arguments: argparse.Namespace, settings: Settings) -> None:
    library = load_library(settings.corpus_dir)
    found = [s for s in library.statements if _wanted(s, arguments, library)]
    if arguments.json:
        print(json.dumps([statement_json(s) for s in found], ensure_ascii=False, indent=1))
        return
    for statement in found:
        print(_statement_text(statement) + "\n")
    print(f"{len(found)} of {len(library.statements)} statements")


def _wanted(statement: Statement, arguments: argparse.Namespace, library: Library) -> bool:
    words = (arguments.match or "").casefold().split()
    return (
        (not arguments.speaker or arguments.speaker.casefold() in _names(statement))
        and (not arguments.mode or statement.mode == arguments.mode)
        and all(word in statement.text.casefold() for word in words)
    )


def _names(statement: Statement) -> set[str]:
    people = [p for p in statement.quote.article.people if p.name == statement.speaker]
    names = {statement.speaker, *(name for p in people for name in (p.label, *p.aliases))}
    return {name.casefold() for name in names}


def _answer_text(answer: Answer) -> str:
    parts = [*(f"! {notice.text}" for notice in answer.notices), answer.lead]
    for title, items in grouped(answer.statements):
        parts.append(f"── {title}")
        parts += [_statement_text(item.statement) for item in items]
    parts += [_statement_text(item.statement) for item in answer.related]
    parts += answer.remarks
    if answer.follow_ups:
        parts.append("You could ask:\n" + "\n".join(f"  {question}" for question in answer.follow_ups))
    return "\n\n".join([*parts, DISCLAIMER])


def _statement_text(statement: Statement) -> str:
    where = [part for part in (statement.section, statement.channel, statement.when) if part]
    return f"  {statement.text}\n    {badge(statement)} · {' · '.join(where)}\n    {statement.id}"


if __name__ == "__main__":
    sys.exit(main())
