"""What the app says in its own words can be read at grade 8, the age of thirteen; quotes are left as they are."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
import textstat

from whosaid.settings import ROOT

MAX_GRADE = 8.0
FEWEST_WORDS = 5  # a formula made for passages tells nothing of a label; of all labels together it does
SPOKEN = ("answer", "check", "handout")  # notices are graded by region in test_safety.py, a model's orders not at all
NAMES = {"main": "Dr. Liptan", "speaker": "Dr. Liptan", "claimed": "Ann", "site": "this site", "title": "The Title"}
_IS_CODE = re.compile(r"[<>{}=;]|^[\w./:_-]+$|^\W*$")


def prompts() -> Iterator[tuple[str, str]]:
    for name in SPOKEN:
        tables = tomllib.loads((ROOT / "prompts" / f"{name}.toml").read_text(encoding="utf-8"))
        for table, rows in tables.items():
            for key, text in rows.items() if isinstance(rows, dict) else ():
                fields = {field for _, field, _, _ in Formatter().parse(text) if field}
                yield f"{name}.{table}.{key}", text.format(**{field: NAMES.get(field, "this") for field in fields})


def in_code(path: Path) -> Iterator[tuple[str, str]]:
    """The texts of a file of ui/: its strings that are neither docstrings nor code, what is filled in said as "one"."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and isinstance(node.body[0], ast.Expr)
    }
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "one" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs | parts:
            text = node.value
        else:
            continue
        if not _IS_CODE.search(text) and text[0].isupper():
            yield f"{path.name}:{node.lineno}", text


TEXTS = [*prompts(), *(said for path in sorted((ROOT / "ui").glob("*.py")) for said in in_code(path))]
SENTENCES = {where: text for where, text in TEXTS if len(text.split()) >= FEWEST_WORDS}


def test_the_texts_are_found() -> None:
    assert len(SENTENCES) > 70
    assert "Paste a quote or a whole post. Each claim in it is compared with the article, word by word." in (
        SENTENCES.values()
    )


@pytest.mark.parametrize("where", SENTENCES)
def test_each_sentence_is_plain(where: str) -> None:
    assert textstat.flesch_kincaid_grade(SENTENCES[where]) <= MAX_GRADE, SENTENCES[where]


def test_the_labels_are_plain_together() -> None:
    labels = " ".join(f"{text.rstrip('.?:')}." for where, text in TEXTS if where not in SENTENCES)
    assert textstat.flesch_kincaid_grade(labels) <= MAX_GRADE
