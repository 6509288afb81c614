"""Case files → cases: a line that is no case is named, never skipped or half read."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evals.cases import Case, CaseError, amid, load_cases
from whosaid.errors import WhoSaidError
from whosaid.library import Library
from whosaid.settings import ROOT

ROW = {
    "id": "f01",
    "kind": "followup",
    "turns": ["Does walking help?", "how long?"],
    "label": "PARTIAL",
    "evidence": ["Ten minutes help.", "Moor walks an hour."],
    "must": ["Ten minutes help."],
    "danger": ["Moor walks an hour."],
    "evidence_speakers": ["liptan_reported", "other:Jan Moor"],
    "note": "an hour is Moor’s",
}
WriteCases = Callable[..., Path]


@pytest.fixture
def write_cases(tmp_path: Path) -> WriteCases:
    def write(*lines: str | dict[str, Any], end: str = "\n") -> Path:
        path = tmp_path / "cases.jsonl"
        texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
        path.write_bytes((end.join(texts) + end).encode())
        return path

    return write


def without(field: str) -> dict[str, Any]:
    return {name: value for name, value in ROW.items() if name != field}


def test_a_case_is_read_whole(write_cases: WriteCases) -> None:
    assert load_cases(write_cases(ROW)) == [
        Case(
            id="f01",
            kind="followup",
            turns=("Does walking help?", "how long?"),
            label="PARTIAL",
            evidence=("Ten minutes help.", "Moor walks an hour."),
            speakers=("liptan_reported", "other:Jan Moor"),
            must=("Ten minutes help.",),
            danger=("Moor walks an hour.",),
            arguable=False,
            note="an hour is Moor’s",
        )
    ]


def test_single_questions_are_put_amid_a_conversation_that_their_id_draws(write_cases: WriteCases) -> None:
    (followup,) = load_cases(write_cases(ROW))
    single = replace(followup, turns=("Does she swim?",))
    others = [replace(followup, turns=(f"{number}?", "ok", "why?")) for number in range(50)]
    placed = [replace(single, id=id_) for id_ in "abcd"]
    inside = amid([*placed, followup], others)
    assert [case.id for case in inside] == list("abcd")
    assert all(case.turns[1:] == ("ok", "Does she swim?") for case in inside)
    assert len({case.turns[0] for case in inside}) > 1
    assert amid(placed[2:], others) == inside[2:]


def test_cases_come_in_the_order_of_their_lines(write_cases: WriteCases) -> None:
    assert [case.id for case in load_cases(write_cases(ROW | {"id": "b"}, ROW | {"id": "a"}))] == ["b", "a"]


def test_a_row_without_evidence_must_danger_and_note_is_a_case(write_cases: WriteCases) -> None:
    row = {"id": "q1", "kind": "question", "turns": ["Why?"], "label": "UNANSWERABLE", "arguable": True}
    (case,) = load_cases(write_cases(row))
    assert (case.evidence, case.speakers, case.must, case.danger, case.note) == ((), (), (), (), "")
    assert case.arguable is True


@pytest.mark.parametrize("broken", ["{", "", "not json", "[]", "null", "7", '"text"', "{}", '{"id": "f02"'])
def test_a_broken_line_is_named(write_cases: WriteCases, broken: str) -> None:
    path = write_cases(ROW, broken, ROW)
    with pytest.raises(CaseError, match=r"cases\.jsonl, line 2: ") as raised:
        load_cases(path)
    assert str(path) in str(raised.value)


@pytest.mark.parametrize("field", ["id", "kind", "label", "turns", "evidence_speakers"])
def test_a_line_that_lacks_what_every_case_has_is_named(write_cases: WriteCases, field: str) -> None:
    with pytest.raises(CaseError, match="line 3: "):
        load_cases(write_cases(ROW, ROW, without(field)))


@pytest.mark.parametrize(
    "change",
    [
        {"turns": []},
        {"evidence_speakers": ["narrator"]},
        {"evidence_speakers": ["narrator", "narrator", "narrator"]},
        {"evidence": [], "must": []},
        {"turns": None},
        {"must": 7},
    ],
)
def test_a_case_without_turns_or_with_an_evidence_without_a_speaker_is_named(
    write_cases: WriteCases, change: dict[str, Any]
) -> None:
    with pytest.raises(CaseError, match="line 2: "):
        load_cases(write_cases(ROW, ROW | change))


@pytest.mark.parametrize("field", ["turns", "must", "danger"])
def test_a_text_in_place_of_a_list_is_named_and_not_read_letter_by_letter(write_cases: WriteCases, field: str) -> None:
    with pytest.raises(CaseError, match="line 2: "):
        load_cases(write_cases(ROW, ROW | {field: "Ten minutes help."}))


@pytest.mark.parametrize("kind", ["question", "followup"])
def test_a_question_with_a_label_that_no_metric_counts_is_named(write_cases: WriteCases, kind: str) -> None:
    with pytest.raises(CaseError, match="line 2: "):
        load_cases(write_cases(ROW, ROW | {"kind": kind, "label": "ANSWERBLE"}))


def test_an_empty_file_is_no_evaluation(write_cases: WriteCases) -> None:
    with pytest.raises(CaseError, match="line 1: "):
        load_cases(write_cases(end=""))


def test_a_missing_file_is_named_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"cannot read the cases at .*nowhere\.jsonl: .*No such file"):
        load_cases(tmp_path / "nowhere.jsonl")


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(json.dumps(ROW).encode() + b"\n\xff\n")
    with pytest.raises(CaseError, match=r"cannot read the cases at .*cases\.jsonl"):
        load_cases(path)


def test_a_case_error_is_one_that_the_command_line_explains() -> None:
    assert issubclass(CaseError, WhoSaidError)


def test_a_line_separator_inside_a_text_does_not_end_the_line(write_cases: WriteCases) -> None:
    turn = "Does it\N{LINE SEPARATOR}help?\x85Why?"
    cases = load_cases(write_cases(ROW | {"turns": [turn]}, ROW))
    assert [case.turns[-1] for case in cases] == [turn, "how long?"]


def test_windows_line_ends_and_a_missing_last_one_make_no_difference(write_cases: WriteCases) -> None:
    assert len(load_cases(write_cases(ROW, ROW, end="\r\n"))) == 2
    path = write_cases(ROW, ROW)
    path.write_bytes(path.read_bytes().removesuffix(b"\n"))
    assert len(load_cases(path)) == 2


@pytest.fixture(scope="session")
def dev() -> list[Case]:
    return load_cases(ROOT / "evals" / "cases" / "dev.jsonl")


def test_the_shipped_cases_have_ids_of_their_own(dev: list[Case]) -> None:
    assert len(dev) == len({case.id for case in dev}) == 99


def test_the_shipped_cases_point_at_words_of_the_article(dev: list[Case], library: Library) -> None:
    text = library.articles[0].text
    for case in dev:
        for words in (*case.evidence, *case.must, *case.danger):
            assert words in text, case.id


def test_no_shipped_case_is_a_question_of_the_bank(dev: list[Case], library: Library) -> None:
    def plain(text: str) -> str:
        return "".join(character for character in text.casefold() if character.isalnum())

    bank = {plain(question.text) for question in library.questions}
    assert [case.id for case in dev if plain(case.turns[-1]) in bank] == []
