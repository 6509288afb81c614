"""The command line: `python -m whosaid ask "…"`, `chat`, `statements` and `check "…"`."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from whosaid.answer import badge, grouped
from whosaid.caption import where
from whosaid.chat import load_assistant
from whosaid.check import Checker, load_retellings
from whosaid.embedder import load_embedder
from whosaid.errors import QuestionError, WhoSaidError
from whosaid.export import answer_json, explanation_json, statement_json, verdict_json
from whosaid.followup import in_words
from whosaid.formats import Format, cited, write
from whosaid.library import Library, load_library
from whosaid.order import reading_order
from whosaid.question import clean
from whosaid.reply import label, sentence
from whosaid.retelling import Retellings
from whosaid.selection import OWN_WORDS, Selection
from whosaid.settings import Settings, load_settings
from whosaid.terminal import Parser, Shown, shown
from whosaid.types import Answer, Mode, Statement, Verdict
from whosaid.wording import answer_wording


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0 done, 1 a clear error on stderr, 2 wrong usage (raised by argparse)."""
    arguments = _parser().parse_args(argv)
    try:
        with redirect_stdout(Shown(sys.stdout)):
            arguments.run(arguments, load_settings())
    except WhoSaidError as error:
        print(shown(f"whosaid: {error}"), file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()  # the reader of a pipe has left, as `head` does
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="python -m whosaid", description="Answers about an article, each statement with the one who said it."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    ask = commands.add_parser("ask", help="answer a question with statements of the article")
    ask.add_argument("question", nargs="?", help="the question")
    ask.add_argument("--turns", type=Path, metavar="FILE", help="a JSON list of a conversation's user turns instead")
    ask.add_argument("--json", action="store_true", help="print the answer as one JSON object")
    ask.add_argument("--explain", action="store_true", help="say also why these statements")
    ask.set_defaults(run=_ask, parser=ask)
    chat = commands.add_parser("chat", help="a conversation in the terminal, forgotten when it ends")
    chat.set_defaults(run=_chat)
    check = commands.add_parser("check", help="check a quote, or every claim of a post")
    check.add_argument("text", nargs="?", help="the quote or the post; '-' reads it from standard input")
    check.add_argument("--speaker", default="", metavar="NAME", help="whom the words are credited to")
    check.add_argument("--against", type=Path, metavar="FILE", help="check against this plain text, not the articles")
    check.add_argument(
        "--batch", type=Path, metavar="FILE.jsonl", help="check every row of a file; prints one JSON list a line"
    )
    check.add_argument("--json", action="store_true", help="print a JSON list")
    check.set_defaults(run=_check, parser=check)
    statements = commands.add_parser("statements", help="list the statements of the articles")
    statements.add_argument(
        "--speaker", metavar="NAME", help="only this speaker's, by any of their names, or 'narrator'"
    )
    statements.add_argument("--mode", choices=[OWN_WORDS, *map(str, Mode)], help="only this mode")
    statements.add_argument("--match", metavar="WORDS", help="only those that have all these words")
    shape = statements.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="print a JSON list")
    shape.add_argument("--format", type=Format, choices=list(Format), help="print what the Statements page downloads")
    statements.add_argument(
        "--address",
        default="http://localhost:8501",
        metavar="URL",
        help="of your WhoSaid, for the links in --format",
    )
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
    print(_answer_text(answer, turns[-1]))
    if explanation:
        print("\nWhy:\n" + json.dumps(explanation["explain"], ensure_ascii=False, indent=1))


def _chat(_: argparse.Namespace, settings: Settings) -> None:
    """Answer line by line; what is typed is kept nowhere but in this process."""
    assistant = load_assistant(settings)
    print("Ask about the article. “new” starts over; an empty line or Ctrl-D ends.")
    if assistant.model:
        print(answer_wording().say("model.on", model=assistant.model.name))
    turns: list[str] = []
    while question := _next_line():
        if question.casefold() == "new":
            turns = []
            print("Forgotten. Ask anew.")
            continue
        try:
            answer = assistant.ask([*turns, question])
        except QuestionError as error:
            print(f"{error}\n")
            continue
        print(f"\n{_answer_text(answer, question)}\n")
        turns.append(question)


def _next_line() -> str:
    try:
        return input("> ").strip()
    except (EOFError, KeyboardInterrupt):
        print()
        return ""


def _turns(path: Path) -> list[Any]:
    try:
        turns = json.loads(_text(path))
    except ValueError as error:
        raise QuestionError(f"{path}: {error}: --turns takes a JSON list of texts") from error
    if not isinstance(turns, list):
        raise QuestionError(f"{path}: not a list: --turns takes a JSON list of texts")
    return turns


def _retellings(library: Library, settings: Settings) -> Retellings | None:
    return load_retellings(library, settings.corpus_dir, load_embedder(settings.embedding_model))


def _check(arguments: argparse.Namespace, settings: Settings) -> None:
    if (arguments.text is None) == (arguments.batch is None):
        arguments.parser.error("give a text or --batch FILE.jsonl")
    library = load_library(settings.corpus_dir)
    checker = Checker(library, lambda: _retellings(library, settings))
    if arguments.batch is not None:
        for row in _rows(arguments.batch):
            verdict = (
                checker.check_against(row["quote"], row["against"])
                if isinstance(row.get("against"), str)
                else checker.check_quote(row["quote"], row.get("speaker") or "")
            )
            print(json.dumps([verdict_json(verdict)], ensure_ascii=False), flush=True)
        return
    text = _standard_input() if arguments.text == "-" else arguments.text
    if arguments.against is not None:
        verdicts = [checker.check_against(text, _text(arguments.against))]
    else:
        verdicts = checker.check(text, arguments.speaker)
    if arguments.json:
        print(json.dumps([verdict_json(verdict) for verdict in verdicts], ensure_ascii=False, indent=1))
        return
    for number, verdict in enumerate(verdicts, 1):
        print(_verdict_text(number, verdict) + "\n")
    print(
        f"{len(verdicts)} {'claim' if len(verdicts) == 1 else 'claims'} checked. {answer_wording().say('advice.line')}"
    )


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(_text(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise QuestionError(f"{path}, line {number}: not JSON ({error}): correct or remove the line") from error
        if not isinstance(row, dict) or not isinstance(row.get("quote"), str):
            raise QuestionError(f'{path}, line {number}: a row is {{"quote": …, "speaker"?: …, "against"?: text}}')
        yield row


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise QuestionError(f"{path}: {error.strerror}: name a text file") from error
    except UnicodeDecodeError as error:
        raise QuestionError(f"{path}: not UTF-8 (byte {error.start}): save it as UTF-8") from error


def _standard_input() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise QuestionError(f"standard input: not UTF-8 (byte {error.start}): send UTF-8") from error


def _verdict_text(number: int, verdict: Verdict) -> str:
    claim = " ".join(verdict.claim.text.split())
    credited = f" ({verdict.claim.speaker})" if verdict.claim.speaker else ""
    lines = [f"{number}. {claim}{credited}", f"   {label(verdict).upper()}: {sentence(verdict)}"]
    return "\n".join([*lines, *(_statement_text(statement) for statement in verdict.statements[:2])])


def _statements(arguments: argparse.Namespace, settings: Settings) -> None:
    library = load_library(settings.corpus_dir)
    chosen = Selection(speaker=arguments.speaker or "", mode=arguments.mode or "", words=arguments.match or "")
    found = chosen.of(library.statements)
    if arguments.json:
        print(json.dumps([statement_json(s) for s in found], ensure_ascii=False, indent=1))
        return
    if arguments.format:
        sys.stdout.write(write(cited(found, library, arguments.address), arguments.format))
        return
    for statement in found:
        print(_statement_text(statement) + "\n")
    print(f"{len(found)} of {len(library.statements)} statements")


def _answer_text(answer: Answer, asked: str) -> str:
    read_as = in_words(answer.read_as, answer.read_after)
    parts = [f"Read as: {read_as}"] if answer.read_as != clean(asked) else []
    parts += [*(f"! {notice.text}" for notice in answer.notices), answer.lead]
    if answer.prose:
        parts.append(" ".join(sentence.text for sentence in answer.prose))
        parts.append(answer_wording().say("model.prose", model=answer.model or ""))
    for title, items in grouped(reading_order(answer.statements)):
        parts.append(f"── {title}")
        parts += [_statement_text(item.statement) for item in items]
    parts += [_statement_text(item.statement) for item in answer.related]
    parts += answer.remarks
    if answer.follow_ups:
        parts.append("You could ask:\n" + "\n".join(f"  {question}" for question in answer.follow_ups))
    return "\n\n".join([*parts, answer_wording().say("advice.line")])


def _statement_text(statement: Statement) -> str:
    return f"  {statement.text}\n    {badge(statement)} · {where(statement)}\n    {statement.id}"


if __name__ == "__main__":
    sys.exit(main())
