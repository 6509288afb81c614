"""prompts/: a text or a variable that does not fit fails when it is loaded."""

from pathlib import Path

import pytest

from whosaid.errors import CorpusError
from whosaid.wording import ANSWER_VARIABLES, MODEL_VARIABLES, answer_wording, load_wording, model_wording

NEEDED = {"lead.one": frozenset({"main"}), "silent.two": frozenset[str]()}


def test_what_ships_can_be_said() -> None:
    for name, variables in ANSWER_VARIABLES.items():
        said = answer_wording().say(name, **dict.fromkeys(variables, "X"))
        assert "{" not in said
        assert said.endswith(".")


def test_what_a_chat_model_is_told_has_all_its_variables() -> None:
    for name, variables in MODEL_VARIABLES.items():
        said = model_wording().say(name, **dict.fromkeys(variables, "THE-VALUE"))
        assert said.count("THE-VALUE") >= len(variables)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('[lead]\none = "{main}"', "silent.two is missing"),
        ('[lead]\none = "{main}"\n[silent]\ntwo = "a"\nthree = "b"', "silent.three is unknown"),
        ('[lead]\none = "hello"\n[silent]\ntwo = "a"', "lead.one must use the variables"),
        ('[lead]\none = "{main} {other}"\n[silent]\ntwo = "a"', "lead.one must use the variables"),
        ("[lead", "restore the file"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "wording.toml"
    path.write_text(content)
    with pytest.raises(CorpusError, match=words):
        load_wording(path, NEEDED)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="restore the file"):
        load_wording(tmp_path / "none.toml", NEEDED)
