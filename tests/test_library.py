"""corpus/ → a Library, or an error that names the file, the line and what to do."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from whosaid.errors import CorpusError
from whosaid.library import load_library, statement_id
from whosaid.types import Mode, Span

MakeCorpus = Callable[..., Path]
LINE_SEPARATOR = "\N{LINE SEPARATOR}"
WALKING = """
[[term]]
name = "walking"
kind = "treatment"
aliases = ["walk"]
outside = ["stroll"]
is_a_outside = ["sport"]
in_article = true
"""


def rows(corpus: Path, name: str = "statements.jsonl") -> list[dict[str, Any]]:
    lines = (corpus / "boll" / name).read_text(encoding="utf-8").removesuffix("\n").split("\n")
    return [json.loads(line) for line in lines]


def edit(corpus: Path, line: int, file: str = "statements.jsonl", /, **changes: object) -> None:
    """Change fields of one line, counted from 1."""
    edited = rows(corpus, file)
    edited[line - 1] |= changes
    write(corpus, file, "".join(json.dumps(row) + "\n" for row in edited))


def drop(corpus: Path, line: int, field: str) -> None:
    """Take a field out of one statement, counted from 1."""
    edited = rows(corpus)
    del edited[line - 1][field]
    write(corpus, "statements.jsonl", "".join(json.dumps(row) + "\n" for row in edited))


def write(corpus: Path, name: str, text: str) -> None:
    (corpus / "boll" / name).write_text(text, encoding="utf-8")


def replace(corpus: Path, name: str, old: str, new: str) -> None:
    path = corpus / "boll" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def refusal(corpus: Path) -> str:
    with pytest.raises(CorpusError) as raised:
        load_library(corpus)
    return str(raised.value)


def test_a_corpus_is_read_whole_and_in_reading_order(make_corpus: MakeCorpus) -> None:
    library = load_library(make_corpus())
    (article,) = library.articles
    assert (article.id, article.title, article.site) == ("boll", "Ada Boll on walking", "Back Pages")
    assert (article.main_speaker, article.url) == ("Ada Boll", "")
    assert [(p.name, p.label, p.aliases) for p in article.people] == [
        ("Ada Boll", "Dr. Boll", ("Boll",)),
        ("Jan Moor", "Jan Moor", ()),
    ]
    assert library.statements == article.statements
    assert [s.text.split()[0] for s in library.statements] == "Dr. Boll She Jan Sleep Rest In Boll".split()
    third = library.statements[2]
    assert (third.text, third.speaker, third.mode) == ("She never prescribes bed rest.", "Ada Boll", Mode.PRACTICE)
    assert (third.section, third.reviewed_by, third.channel) == ("Walking", "tests", "not stated")
    assert all(s.text == article.text[s.quote.span.start : s.quote.span.end] for s in library.statements)


def test_cue_quoted_spans_and_needs_arrive_as_spans_and_ids(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus()
    start = rows(corpus)[1]["start"]
    edit(corpus, 2, mode="partial", cue=[start, start + 9], quoted=[[start + 15, start + 26]])
    library = load_library(corpus)
    assert library.statements[1].cue == Span(start, start + 9)
    assert library.statements[1].quoted == (Span(start + 15, start + 26),)
    assert library.statements[0].cue is None
    assert library.statements[6].needs == (library.statements[7].id,)


def test_a_statement_is_found_by_its_id_and_by_no_other(make_corpus: MakeCorpus) -> None:
    library = load_library(make_corpus())
    for statement in library.statements:
        assert library.statement(statement.id) is statement
    assert library.statement("boll:00000000") is None


def test_an_id_is_the_article_and_8_hex_digits_of_its_texts_hash() -> None:
    assert statement_id("boll", "abc") == "boll:ba7816bf"  # sha256 of "abc", FIPS 180-2
    assert statement_id("boll", "abc") != statement_id("boll", "abc ")


def test_the_bank_says_which_question_is_an_example_for_a_statement(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus()
    ids = [row["id"] for row in rows(corpus)]
    with (corpus / "boll" / "questions.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"question": "Is walking any good?", "statements": [ids[1]]}) + "\n")
    library = load_library(corpus)
    assert [q.id for q in library.questions] == [f"boll:q{n}" for n in range(7)]
    assert library.questions[1].statements == (ids[2], ids[5])
    assert [q.topic for q in library.questions] == ["", "", "", "", "prices", "swimming", ""]
    assert library.example_questions == {
        ids[1]: "How much walking helps?",
        ids[2]: "Does she prescribe bed rest?",
        ids[6]: "How many tablets a day are safe?",
        ids[0]: "Where does she work?",
    }


def test_a_bank_is_optional(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus()
    (corpus / "boll" / "questions.jsonl").unlink()
    library = load_library(corpus)
    assert library.questions == ()
    assert len(library.statements) == 8


def test_a_glossary_is_optional_and_read_where_there_is_one(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus()
    assert load_library(corpus).glossary.find("walk") == []
    (corpus / "glossary.toml").write_text(WALKING, encoding="utf-8")
    (mention,) = load_library(corpus).glossary.find("Should I stroll?")
    term = mention.term
    assert (term.name, term.kind, term.aliases, term.outside) == ("walking", "treatment", ("walk",), ("stroll",))
    assert (term.is_a, term.is_a_outside, term.in_article) == ((), ("sport",), True)
    assert mention.outside


@pytest.mark.parametrize("field", ["name", "kind", "in_article"])
def test_a_term_that_lacks_a_field_names_it(make_corpus: MakeCorpus, field: str) -> None:
    corpus = make_corpus()
    (corpus / "glossary.toml").write_text(WALKING.replace(f"{field} =", f"x_{field} ="), encoding="utf-8")
    message = refusal(corpus)
    assert str(corpus / "glossary.toml") in message
    assert f"lacks '{field}'" in message


def test_no_corpus_folder_names_the_setting(tmp_path: Path) -> None:
    message = refusal(tmp_path / "nowhere")
    assert str(tmp_path / "nowhere") in message
    assert "WHOSAID_CORPUS_DIR" in message


def test_a_file_in_place_of_the_corpus_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "corpus").write_text("", encoding="utf-8")
    assert "no corpus at" in refusal(tmp_path / "corpus")


def test_a_corpus_without_articles_says_what_an_article_is(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    assert "an article is a folder with an article.toml" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("old", "new"),
    [("ten minutes", "two minutes"), ("bed rest. ", "bed rest.  "), ("help most", "do not help most"), ("\n", "\r\n")],
)
def test_a_text_that_was_changed_by_even_a_character_is_refused(make_corpus: MakeCorpus, old: str, new: str) -> None:
    corpus = make_corpus()
    path = corpus / "boll" / "article.txt"
    path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))
    message = refusal(corpus)
    assert "article.txt has sha256" in message
    assert "article.toml says" in message
    assert "restore the text, or review statements.jsonl" in message


@pytest.mark.parametrize("field", ["title", "site", "author", "published", "rights", "sha256", "main_speaker"])
def test_an_article_that_lacks_a_field_names_it(make_corpus: MakeCorpus, field: str) -> None:
    corpus = make_corpus()
    replace(corpus, "article.toml", f"{field} =", f"x_{field} =")
    message = refusal(corpus)
    assert "article.toml" in message
    assert f"'{field}' is missing" in message


@pytest.mark.parametrize("examples", ['"How long?"', '["How long?", 3]'])
def test_examples_that_are_no_list_of_questions_are_refused(make_corpus: MakeCorpus, examples: str) -> None:
    corpus = make_corpus()
    replace(corpus, "article.toml", "title =", f"examples = {examples}\ntitle =")
    assert "examples is a list of questions" in refusal(corpus)


@pytest.mark.parametrize("field", ["name", "label", "role"])
def test_a_person_that_lacks_a_field_names_it(make_corpus: MakeCorpus, field: str) -> None:
    corpus = make_corpus()
    replace(corpus, "article.toml", f"\n{field} =", f"\nx_{field} =")
    assert f"'{field}' is missing" in refusal(corpus)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//example.org", "example.org"])
def test_an_address_that_is_no_pages_is_refused(make_corpus: MakeCorpus, url: str) -> None:
    corpus = make_corpus()
    replace(corpus, "article.toml", 'site = "Back Pages"', f'site = "Back Pages"\nurl = "{url}"')
    assert "it starts with https://" in refusal(corpus)


def test_an_article_about_somebody_who_is_not_among_its_people_is_refused(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus()
    replace(corpus, "article.toml", 'main_speaker = "Ada Boll"', 'main_speaker = "Ada Bol"')
    assert "Ada Bol" in refusal(corpus)


@pytest.mark.parametrize(
    "broken", ["{", '{"id": "boll', "", "null", "[]", '"a statement"', "7", '{"id": 1}', "{}", "not json"]
)
def test_a_broken_line_of_the_statements_names_file_and_line(make_corpus: MakeCorpus, broken: str) -> None:
    corpus = make_corpus()
    lines = [json.dumps(row) for row in rows(corpus)]
    lines[4] = broken
    write(corpus, "statements.jsonl", "\n".join(lines) + "\n")
    message = refusal(corpus)
    assert f"{corpus / 'boll' / 'statements.jsonl'}, line 5: " in message
    assert "correct or remove the line" in message


FIELDS = "id start end text section speaker mode cue quoted channel when source needs reviewed_by".split()


@pytest.mark.parametrize("field", FIELDS)
def test_a_statement_that_lacks_a_field_names_its_line(make_corpus: MakeCorpus, field: str) -> None:
    corpus = make_corpus()
    drop(corpus, 3, field)
    assert "statements.jsonl, line 3: " in refusal(corpus)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("start", "0"),
        ("start", None),
        ("start", 0.0),
        ("start", -1),
        ("end", 0),
        ("end", 100_000),
        ("mode", "quoted"),
        ("cue", 5),
        ("cue", [0]),
        ("quoted", [[0, 1, 2]]),
        ("quoted", None),
        ("needs", None),
        ("needs", [["boll:00000000"]]),
        ("id", ["boll:00000000"]),
    ],
)
def test_a_value_of_the_wrong_kind_names_its_line(make_corpus: MakeCorpus, field: str, value: object) -> None:
    corpus = make_corpus()
    edit(corpus, 1, **{field: value})
    assert "statements.jsonl, line 1: " in refusal(corpus)


@pytest.mark.parametrize("shift", [-1, 1])
def test_a_text_that_does_not_stand_at_its_offsets_is_refused(make_corpus: MakeCorpus, shift: int) -> None:
    corpus = make_corpus()
    third = rows(corpus)[2]
    start, end = third["start"] + shift, third["end"] + shift
    edit(corpus, 3, start=start, end=end)
    assert f"line 3: the text is not what stands at {start}:{end} of article.txt" in refusal(corpus)


def test_a_text_that_the_article_does_not_contain_is_refused(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus()
    text = "She always prescribes it here."
    edit(corpus, 3, text=text, id=statement_id("boll", text))
    assert "line 3: the text is not what stands at" in refusal(corpus)


def test_an_id_that_is_not_the_hash_of_its_text_is_refused(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus()
    edit(corpus, 3, id="boll:00000000")
    assert "line 3: id boll:00000000 is not the hash of its text" in refusal(corpus)


def test_an_id_of_another_article_is_refused(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus()
    other = rows(corpus)[2]["id"].replace("boll:", "moor:")
    edit(corpus, 3, id=other)
    assert f"line 3: id {other} is not the hash" in refusal(corpus)


def test_statements_that_share_a_character_are_refused(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus()
    text = (corpus / "boll" / "article.txt").read_text(encoding="utf-8")
    second, third = rows(corpus)[1:3]
    shared = text[second["end"] - 1 : third["end"]]
    edit(corpus, 3, start=second["end"] - 1, text=shared, id=statement_id("boll", shared))
    assert "line 3: overlaps the statement before it" in refusal(corpus)


def test_statements_out_of_reading_order_are_refused(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus()
    swapped = rows(corpus)
    swapped[1], swapped[2] = swapped[2], swapped[1]
    write(corpus, "statements.jsonl", "".join(json.dumps(row) + "\n" for row in swapped))
    assert "line 3: overlaps the statement before it: statements stand in reading order" in refusal(corpus)


@pytest.mark.parametrize("speaker", ["Nobody", "Boll", "dr. boll", "", "Narrator"])
def test_a_speaker_who_is_not_among_the_people_is_refused(make_corpus: MakeCorpus, speaker: str) -> None:
    corpus = make_corpus()
    edit(corpus, 3, speaker=speaker)
    assert f"line 3: speaker {speaker!r} is not among the people of article.toml" in refusal(corpus)


def test_a_need_that_is_no_statement_of_the_article_is_refused(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus()
    edit(corpus, 3, needs=["boll:00000000"])
    assert "line 3: needs boll:00000000, which is no statement of this article" in refusal(corpus)


@pytest.mark.parametrize(("field", "value"), [("cue", [0, 100_000]), ("quoted", [[0, 100_000]]), ("quoted", [[0, 4]])])
def test_a_cue_outside_the_text_and_quoted_words_outside_the_statement_are_refused(
    make_corpus: MakeCorpus, field: str, value: object
) -> None:
    corpus = make_corpus()
    edit(corpus, 3, **{field: value})
    assert "line 3: " in refusal(corpus)


def test_a_sentence_that_stands_twice_is_not_lost(make_corpus: MakeCorpus) -> None:
    question = {"question": "Is it dear?", "topic": "prices"}
    corpus = make_corpus(text="Boll walks.\n\nMoor rests.\n\nBoll walks.\n", questions=[question])
    try:
        library = load_library(corpus)
    except CorpusError:
        return  # saying so is as good as keeping both
    assert library.statements == library.articles[0].statements


@pytest.mark.parametrize(
    "row",
    [
        {"question": "What of it?"},
        {"question": "What of it?", "statements": [], "topic": ""},
        {"question": "What of it?", "statements": ["first"], "topic": "prices"},
        {"topic": "prices"},
        {"question": None, "topic": "prices"},
        {"question": 7, "topic": "prices"},
        {"question": "", "topic": "prices"},
        {"question": "What of it?", "statements": 7},
        {"question": "What of it?", "statements": None, "topic": "prices"},
    ],
)
def test_a_bank_row_has_a_question_and_either_statements_or_a_topic(
    make_corpus: MakeCorpus, row: dict[str, Any]
) -> None:
    corpus = make_corpus()
    if row.get("statements") == ["first"]:
        row = row | {"statements": [rows(corpus)[0]["id"]]}
    write(
        corpus, "questions.jsonl", json.dumps({"question": "Is it dear?", "topic": "prices"}) + f"\n{json.dumps(row)}"
    )
    assert f"{corpus / 'boll' / 'questions.jsonl'}, line 2: " in refusal(corpus)


def test_a_bank_row_about_a_statement_that_there_is_not_names_it(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus()
    edit(corpus, 2, "questions.jsonl", statements=[rows(corpus)[0]["id"], "boll:00000000"])
    assert "questions.jsonl, line 2: boll:00000000 is no statement of boll" in refusal(corpus)


def test_a_broken_line_of_the_bank_names_file_and_line(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus()
    replace(corpus, "questions.jsonl", '{"question": "Where does', '"question": "Where does')
    assert "questions.jsonl, line 4: the line: Invalid JSON" in refusal(corpus)


@pytest.mark.parametrize("name", ["article.toml", "article.txt", "statements.jsonl", "questions.jsonl"])
def test_a_file_that_is_not_utf8_is_named(make_corpus: MakeCorpus, name: str) -> None:
    corpus = make_corpus()
    path = corpus / "boll" / name
    path.write_bytes(path.read_bytes() + b"\xff")
    message = refusal(corpus)
    assert str(path) in message
    assert f"not UTF-8 (byte {path.stat().st_size - 1})" in message


@pytest.mark.parametrize("name", ["boll/article.toml", "glossary.toml"])
def test_a_file_that_is_not_toml_is_named(make_corpus: MakeCorpus, name: str) -> None:
    corpus = make_corpus()
    (corpus / name).write_text('title = "no end\n', encoding="utf-8")
    message = refusal(corpus)
    assert str(corpus / name) in message
    assert "not TOML" in message


@pytest.mark.parametrize("name", ["article.txt", "statements.jsonl"])
def test_a_file_that_is_missing_is_named(make_corpus: MakeCorpus, name: str) -> None:
    corpus = make_corpus()
    (corpus / "boll" / name).unlink()
    message = refusal(corpus)
    assert str(corpus / "boll" / name) in message
    assert "restore the file" in message


FILES = ["glossary.toml", *(f"boll/{name}" for name in ("article.toml", "article.txt", "statements.jsonl"))]


@pytest.mark.parametrize("name", [*FILES, "boll/questions.jsonl", "boll/source.txt"])
def test_the_corpus_hash_changes_with_any_of_its_files(make_corpus: MakeCorpus, name: str) -> None:
    corpus = make_corpus()
    (corpus / "glossary.toml").write_text("# terms\n", encoding="utf-8")
    (corpus / "boll" / "source.txt").write_text("Walk.\n", encoding="utf-8")
    before = load_library(corpus).sha256
    if name == "boll/article.txt":
        corpus = make_corpus(text=(corpus / name).read_text(encoding="utf-8").replace("Ghent", "Liège"))
        (corpus / "glossary.toml").write_text("# terms\n", encoding="utf-8")
    elif name == "boll/statements.jsonl":
        edit(corpus, 1, reviewed_by="somebody else")
    elif name == "boll/questions.jsonl":
        edit(corpus, 1, "questions.jsonl", question="How much should I walk?")
    else:
        with (corpus / name).open("a", encoding="utf-8") as file:
            file.write("# more\n")
    assert load_library(corpus).sha256 != before


def test_the_corpus_hash_is_that_of_its_content_and_not_of_its_place(make_corpus: MakeCorpus) -> None:
    assert load_library(make_corpus("here")).sha256 == load_library(make_corpus("there")).sha256


def test_a_second_article_is_read_and_its_ids_are_its_own(make_corpus: MakeCorpus, tmp_path: Path) -> None:
    corpus = make_corpus()
    before = load_library(corpus).sha256
    make_corpus("other")
    (tmp_path / "other" / "boll").rename(corpus / "boll-2")
    assert "boll-2" in refusal(corpus)  # its statements still carry the ids of `boll`
    for name in ("statements.jsonl", "questions.jsonl"):
        path = corpus / "boll-2" / name
        ids = {row["id"]: statement_id("boll-2", row["text"]) for row in rows(corpus)}
        text = path.read_text(encoding="utf-8")
        for old, new in ids.items():
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    library = load_library(corpus)
    assert [article.id for article in library.articles] == ["boll", "boll-2"]
    assert len(library.statements) == 16
    assert library.sha256 != before


def test_a_folder_without_an_article_toml_is_no_article(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus()
    (corpus / "notes").mkdir()
    assert len(load_library(corpus).articles) == 1


def test_a_line_separator_inside_a_json_string_does_not_end_the_line(make_corpus: MakeCorpus) -> None:
    question = f"Is it{LINE_SEPARATOR}dear?\x85\N{PARAGRAPH SEPARATOR}Or not?"
    corpus = make_corpus()
    write(
        corpus,
        "questions.jsonl",
        "".join(json.dumps({"question": q, "topic": "prices"}, ensure_ascii=False) + "\n" for q in (question, "Why?")),
    )
    library = load_library(corpus)
    assert [q.text for q in library.questions] == [question, "Why?"]
    replace(corpus, "statements.jsonl", '"reviewed_by": "tests"', f'"reviewed_by": "te{LINE_SEPARATOR}sts"')
    assert load_library(corpus).statements[7].reviewed_by == f"te{LINE_SEPARATOR}sts"


def test_windows_line_ends_in_the_statements_make_no_difference(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus()
    before = load_library(corpus).statements
    path = corpus / "boll" / "statements.jsonl"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert [s.text for s in load_library(corpus).statements] == [s.text for s in before]
