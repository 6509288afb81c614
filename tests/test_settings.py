"""Environment over .env over default, and a wrong value says its own name."""

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from whosaid.errors import SettingsError
from whosaid.settings import PACKAGED_MODEL, ROOT, Settings, load_settings


@pytest.fixture
def dotenv(tmp_path: Path) -> Path:
    return tmp_path / ".env"


def test_without_environment_and_dotenv_the_defaults_hold(dotenv: Path) -> None:
    settings = load_settings({}, dotenv)
    assert settings == Settings(ROOT / "corpus", ROOT / ".index", PACKAGED_MODEL)
    assert (settings.corpus_dir / "liptan-ldn" / "article.txt").is_file()


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("WHOSAID_CORPUS_DIR", "corpus_dir", Path("/there/corpus")),
        ("WHOSAID_INDEX_DIR", "index_dir", Path("/there/index")),
        ("WHOSAID_EMBEDDING_MODEL", "embedding_model", "some/model"),
        ("WHOSAID_QUESTION_LOG", "question_log", Path("/there/questions.jsonl")),
        ("WHOSAID_FEEDBACK_FILE", "feedback_file", Path("/there/feedback.jsonl")),
        ("WHOSAID_OPERATOR_KEY", "operator_key", "abcdefghijkl"),
    ],
)
def test_dotenv_beats_the_default_and_the_environment_beats_both(
    dotenv: Path, name: str, field: str, value: Path | str
) -> None:
    dotenv.write_text(f"{name}={value}\n", encoding="utf-8")
    from_dotenv = load_settings({}, dotenv)
    assert getattr(from_dotenv, field) == value
    untouched = {"corpus_dir", "index_dir", "embedding_model"} - {field}
    assert all(getattr(from_dotenv, other) == getattr(Settings(), other) for other in untouched)
    from_environment = load_settings({name: f"{value}-2"}, dotenv)
    assert getattr(from_environment, field) == type(value)(f"{value}-2")


def test_environment_and_dotenv_are_joined_and_not_one_instead_of_the_other(dotenv: Path) -> None:
    dotenv.write_text("WHOSAID_CORPUS_DIR=/a\nWHOSAID_INDEX_DIR=/b\n", encoding="utf-8")
    settings = load_settings({"WHOSAID_INDEX_DIR": "/c"}, dotenv)
    assert (settings.corpus_dir, settings.index_dir) == (Path("/a"), Path("/c"))


def test_other_programs_variables_are_left_alone(dotenv: Path) -> None:
    dotenv.write_text("OPENAI_API_KEY=\n", encoding="utf-8")
    environment = {"PATH": "", "HOME": "/root"}
    assert load_settings(environment, dotenv) == Settings()
    assert environment == {"PATH": "", "HOME": "/root"}


def test_white_space_round_a_value_is_dropped(dotenv: Path) -> None:
    assert load_settings({"WHOSAID_EMBEDDING_MODEL": "  some/model \n"}, dotenv).embedding_model == "some/model"


@pytest.mark.parametrize("place", ["environment", "dotenv"])
def test_an_unknown_setting_is_named_together_with_those_there_are(dotenv: Path, place: str) -> None:
    dotenv.write_text("WHOSAID_CORPUS=/a\n" if place == "dotenv" else "", encoding="utf-8")
    environment = {"WHOSAID_CORPUS": "/a"} if place == "environment" else {}
    with pytest.raises(SettingsError, match=r"unknown setting WHOSAID_CORPUS:.*WHOSAID_CORPUS_DIR") as raised:
        load_settings(environment, dotenv)
    assert "WHOSAID_INDEX_DIR" in str(raised.value)
    assert "WHOSAID_EMBEDDING_MODEL" in str(raised.value)


@pytest.mark.parametrize("value", ["", "   ", "\t\n"])
def test_an_empty_value_in_the_environment_is_named_even_over_a_good_one_in_dotenv(dotenv: Path, value: str) -> None:
    dotenv.write_text("WHOSAID_INDEX_DIR=/b\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="WHOSAID_INDEX_DIR is empty: give it a value or remove it"):
        load_settings({"WHOSAID_INDEX_DIR": value}, dotenv)


@pytest.mark.parametrize("line", ["WHOSAID_INDEX_DIR=", 'WHOSAID_INDEX_DIR=" "', "WHOSAID_INDEX_DIR"])
def test_an_empty_value_in_dotenv_is_named(dotenv: Path, line: str) -> None:
    dotenv.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="WHOSAID_INDEX_DIR is empty"):
        load_settings({}, dotenv)


def test_a_dotenv_that_is_not_utf8_is_a_clear_error(dotenv: Path) -> None:
    dotenv.write_bytes("WHOSAID_INDEX_DIR=/tmp/Müller\n".encode("latin-1"))
    with pytest.raises(SettingsError, match="UTF-8"):
        load_settings({}, dotenv)


def test_settings_cannot_be_changed_later() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().index_dir = Path("/elsewhere")  # type: ignore[misc]


def test_a_key_that_is_soon_guessed_is_refused_and_none_is_shown(dotenv: Path) -> None:
    with pytest.raises(SettingsError, match=r"WHOSAID_OPERATOR_KEY has 11 characters: give it 12 or more") as raised:
        load_settings({"WHOSAID_OPERATOR_KEY": "hunter2hunt"}, dotenv)
    assert "hunter2" not in str(raised.value)
    assert "hunter2" not in repr(load_settings({"WHOSAID_OPERATOR_KEY": "hunter2hunter2"}, dotenv))


def test_by_default_no_question_is_kept_and_feedback_goes_where_git_does_not_look(dotenv: Path) -> None:
    settings = load_settings({}, dotenv)
    assert settings.question_log is None
    assert settings.operator_key == ""
    folder = settings.feedback_file.parent
    assert f"/{folder.relative_to(ROOT)}/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
