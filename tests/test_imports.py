"""The house: imports go downwards only, heavy packages stay behind their doors."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from whosaid.settings import ROOT

# Each line may import from the lines below it, not from its own. `errors` is under everything.
LEVELS = [
    {"app", "ui", "ingest", "evals", "whosaid.__main__", "whosaid.retriever"},
    {"whosaid.formats"},
    {"whosaid.bibliography"},
    {"whosaid.chat", "whosaid.check", "whosaid.citation", "whosaid.export", "whosaid.handout", "whosaid.reply"},
    {
        "whosaid.answer",
        "whosaid.retrieve",
        "whosaid.question",
        "whosaid.claims",
        "whosaid.write",
        "whosaid.verify",
        "whosaid.safety",
    },
    {"whosaid.readings"},
    {"whosaid.quotes", "whosaid.retelling", "whosaid.followup", "whosaid.focus", "whosaid.frames", "whosaid.held"},
    {"whosaid.changes", "whosaid.cuts", "whosaid.placement"},
    {"whosaid.reference", "whosaid.caption", "whosaid.hard_words"},
    {"whosaid.align"},
    {"whosaid.turns"},
    {"whosaid.classifier"},
    {"whosaid.store", "whosaid.embedder", "whosaid.library", "whosaid.wording", "whosaid.words"},
    {"whosaid.model", "whosaid.ranker", "whosaid.generation"},
    {"whosaid.sense", "whosaid.spelling"},
    {"whosaid.rows"},
    {"whosaid.feedback", "whosaid.question_log"},
    {
        "whosaid.batched",
        "whosaid.courtesy",
        "whosaid.fragment",
        "whosaid.markdown",
        "whosaid.order",
        "whosaid.pointing",
        "whosaid.selection",
        "whosaid.sentences",
        "whosaid.told",
    },
    {"whosaid.settings", "whosaid.types", "whosaid.glossary", "whosaid.tokens", "whosaid.terminal", "whosaid.lines"},
    {"whosaid.errors"},
]
SOURCES = [
    ROOT / "app.py",
    *(p for folder in ("whosaid", "ui", "ingest", "evals") for p in (ROOT / folder).glob("*.py")),
]
HEAVY = {
    "chromadb": {"whosaid/generation.py", "whosaid/store.py"},
    "sentence_transformers": set[str](),
    "streamlit": {"app.py", "ui/"},
}


def module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def level(name: str) -> int | None:
    return next((n for n, names in enumerate(LEVELS) if {name, name.split(".", maxsplit=1)[0]} & names), None)


def test_every_module_has_its_place() -> None:
    assert [module(path) for path in SOURCES if level(module(path)) is None] == ["whosaid"]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_downwards_only(path: Path) -> None:
    own = module(path)
    here = level(own)
    for name in imported(path):
        there = level(name)
        same_package = own.split(".")[0] == name.split(".")[0] != "whosaid" or (own, name.split(".")[0]) == (
            "app",
            "ui",
        )
        if here is not None and there is not None and not same_package:
            assert there > here, f"{own} imports {name}"


@pytest.mark.parametrize("package", HEAVY)
def test_heavy_packages_are_imported_in_one_place(package: str) -> None:
    users = {str(p.relative_to(ROOT)) for p in SOURCES if any(n.split(".")[0] == package for n in imported(p))}
    assert all(any(user.startswith(place) for place in HEAVY[package]) for user in users), users


def test_importing_whosaid_is_quick_and_loads_nothing_heavy() -> None:
    code = (
        "import sys, time; started = time.perf_counter()\n"
        "import whosaid, whosaid.chat\n"
        "print(time.perf_counter() - started)\n"
        "print([n for n in ('torch', 'chromadb', 'langchain_core', 'streamlit', 'transformers') if n in sys.modules])"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
            "\n"
        )
        for _ in range(3)
    ]
    assert min(float(run[0]) for run in runs) < 0.3
    assert all(run[1] == "[]" for run in runs)
