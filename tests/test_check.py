import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import WordHashEmbedder
from whosaid.check import Checker
from whosaid.claims import find_claims
from whosaid.classifier import Text
from whosaid.errors import QuestionError
from whosaid.export import verdict_json
from whosaid.library import Library
from whosaid.quotes import MAX_CHARS
from whosaid.readings import readings
from whosaid.reply import check_wording, first_of_each, label, numbered, reply, sentence
from whosaid.retelling import LABELS, Retellings
from whosaid.settings import ROOT
from whosaid.types import Claim, Ruling, Span, Verdict

POST = """\
Hi all, third week here and I feel awful.

Dr. Liptan says that "side effects are minimal when the dosage is increased quickly". She recommends LDN 1.5 mgs at \
night for four days!! My own doctor said "nonsense" to that. According to Jared Younger, LDN can occasionally cause \
sleep issues.

> most people have to take it indefinitely

Anyone else? What did yours cost?
"""


@pytest.fixture(scope="module")
def checker(library: Library) -> Checker:
    return Checker(library)


def found(verdicts: list[Verdict]) -> list[tuple[str, str, Ruling]]:
    return [(v.claim.text, v.claim.speaker, v.ruling) for v in verdicts]


def test_the_claims_of_a_post_are_found_and_the_rest_is_left_alone(checker: Checker) -> None:
    assert found(checker.check(POST)) == [
        ("side effects are minimal when the dosage is increased quickly", "Ginevra Liptan", Ruling.ALTERED),
        ("LDN 1.5 mgs at night for four days!!", "Ginevra Liptan", Ruling.ALTERED),
        ("LDN can occasionally cause sleep issues.", "Jared Younger", Ruling.SOMEONE_ELSE),
        ("most people have to take it indefinitely", "", Ruling.EXACT),
    ]


def test_claims_stand_in_the_post_where_they_say(checker: Checker) -> None:
    for verdict in checker.check(POST):
        assert POST[verdict.claim.span.start : verdict.claim.span.end] == verdict.claim.text


@pytest.mark.parametrize(
    ("text", "speaker", "claimed", "ruling"),
    [
        ("LDN can occasionally cause sleep issues.", "", "", Ruling.EXACT),
        ("“LDN can occasionally cause sleep issues.”", "Dr. Liptan", "Ginevra Liptan", Ruling.SOMEONE_ELSE),
        ('"She uses diet and probiotics to treat candida." — Liptan, The FibroManual', "", "Ginevra Liptan",
         Ruling.REPORTED),
        ("Dr. Liptan says LDN should be increased to a maximum of 45 mgs for long-term use", "", "Ginevra Liptan",
         Ruling.ALTERED),
        ("According to Dr. Smith, the spinal cord is where the pain sensitization process in FM appears to start.", "",
         "Dr. Smith", Ruling.SOMEONE_ELSE),
        ("In her book she calls LDN “the most effective way to reduce spinal cord inflammation”.", "", "",
         Ruling.REPORTED),
        ("The article says: most people have to take it indefinitely.", "", "", Ruling.EXACT),
    ],
)  # fmt: skip
def test_a_single_quote_is_one_claim(checker: Checker, text: str, speaker: str, claimed: str, ruling: Ruling) -> None:
    (verdict,) = checker.check(text, speaker)
    assert (verdict.claim.speaker, verdict.ruling) == (claimed, ruling)


CALMS = "The key is finding the dosage sweet spot where LDN is able to {} the glial cells"
CANDIDA = "She uses diet and probiotics to treat candida."


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ('Liptan says "Some people can go on LDN after getting off opiates for a week".',
         [("Ginevra Liptan", Ruling.CLIPPED)]),
        (f'"{CALMS.format("calm")}." "{CANDIDA}"', [("", Ruling.CLIPPED), ("", Ruling.REPORTED)]),
        (f"“{CALMS.format('wake')}.”\n“{CANDIDA}”", [("", Ruling.ALTERED), ("", Ruling.REPORTED)]),
        (f"LDN can occasionally cause bad sleep issues. {CANDIDA}",
         [("", Ruling.ALTERED), ("", Ruling.REPORTED)]),
    ],
)  # fmt: skip
def test_quotes_that_follow_each_other_are_a_claim_each(
    checker: Checker, text: str, claims: list[tuple[str, Ruling]]
) -> None:
    assert [(verdict.claim.speaker, verdict.ruling) for verdict in checker.check(text)] == claims


@pytest.mark.parametrize("text", ["Hello everyone, how are you today? I had a bad flare.", "😀😀", "Anyone else?"])
def test_small_talk_claims_nothing(checker: Checker, text: str) -> None:
    assert checker.check(text) == []


def test_a_writers_own_words_behind_a_claim_change_nothing(checker: Checker) -> None:
    (verdict,) = checker.check("Dr. Liptan says she uses diet and probiotics to treat candida, which made me laugh.")
    assert verdict.ruling is Ruling.REPORTED


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        (
            "Didn't Dr. Liptan say that candida needs no diet at all?",
            ["Didn't Dr. Liptan say that candida needs no diet at all"],
        ),
        (
            "Dr. Liptan says that methadone rules LDN out, so is that right?",
            ["Dr. Liptan says that methadone rules LDN out"],
        ),
        ("Does Dr. Liptan say that dogs help with sleep?", []),
        ("Do you know if Liptan recommends magnesium at night?", []),
        ("Where did Liptan write that LDN cures pain?", []),
    ],
)
def test_what_a_question_tells_is_a_claim_and_what_it_asks_is_none(
    library: Library, text: str, claims: list[str]
) -> None:
    assert [claim.text for claim in find_claims(text, library.articles, lambda _: False)] == claims


def test_a_reply_has_what_a_right_quote_must_be_read_with(checker: Checker, library: Library) -> None:
    (verdict,) = checker.check("side effects are minimal when the dosage is increased slowly", "Ginevra Liptan")
    (needed,) = verdict.statements[0].needed
    for style in ("plain", "markdown"):
        assert "To be read with it" in reply([verdict], library.articles[0], lambda _: "?s=x", style)
    plain = reply([verdict], library.articles[0], lambda _: "?s=x", "plain")
    assert f"To be read with it: “{needed.text}”" in plain


@pytest.mark.parametrize(
    ("post", "speaker"),
    [
        (
            "Dr. Liptan treats fibro. Jared Younger waits longer. She goes up to 9 mg in the long run.",
            "Ginevra Liptan",
        ),
        ("Dr. Liptan treats fibro. Jared Younger waits longer. He says six weeks is a better trial.", "Jared Younger"),
        ("Dr. Liptan is great. And in 2019 she published a trial with 400 patients.", "Ginevra Liptan"),
    ],
)
def test_she_and_he_are_told_apart(library: Library, post: str, speaker: str) -> None:
    assert find_claims(post, library.articles, lambda _: False)[-1].speaker == speaker


@pytest.mark.parametrize(
    ("text", "ruling", "changed"),
    [
        ("LDN can occasionally cause sleep issues and hair loss.", Ruling.ALTERED, ["and hair loss"]),
        ("LDN can occasionally cause sleep issues, hair loss and gout", Ruling.ALTERED, ["hair loss and gout"]),
        ("LDN can occasionally cause sleep issues and anyone may die", Ruling.ALTERED, ["and anyone may die"]),
        ("LDN can occasionally cause sleep issues, anyone else", Ruling.EXACT, []),
        ("LDN can occasionally cause sleep issues, lol", Ruling.EXACT, []),
        ("LDN can occasionally cause sleep issues!!! So my husband was right", Ruling.EXACT, []),
        ("Dr. Liptan says about 2/3rd's of her patients recover.", Ruling.ALTERED, ["recover"]),
        # though "in the morning" stands elsewhere in the article, the dose is wrong, and that is what to say
        ("Liptan recommends taking LDN 45 mgs at night for fourteen days, "
         "followed by 3 mgs in the morning for fourteen days", Ruling.ALTERED, ["45 mgs", "in the morning"]),
    ],
)  # fmt: skip
def test_what_is_added_to_true_words_is_never_cut_off_unless_it_is_the_writers_own(
    checker: Checker, text: str, ruling: Ruling, changed: list[str]
) -> None:
    (verdict,) = checker.check(text)
    assert (verdict.ruling, [change.theirs for change in verdict.changes]) == (ruling, changed)


def test_a_changed_word_is_never_hidden_by_reading_only_a_part(checker: Checker) -> None:
    claim = "Per Dr. Liptan:\n• Reducing systemic inflammation – dietary changes (gluten, eggs, sugar), supplements"
    (verdict,) = checker.check(claim)
    assert verdict.ruling is Ruling.ALTERED
    assert [(c.theirs, c.article) for c in verdict.changes] == [("eggs", "dairy")]


def test_what_is_not_in_the_article_comes_with_the_nearest_statement(checker: Checker) -> None:
    (verdict,) = checker.check("Dr. Liptan says that candida must be treated with antifungal drugs from the pharmacy.")
    assert verdict.ruling is Ruling.NOT_IN_ARTICLE
    assert "candida" in verdict.statements[0].text.lower()


CANDIDA = "She uses diet and probiotics to treat candida."


class Reads:
    """A classifier that reads every pair with that statement alike, and every other as unrelated."""

    labels: tuple[str, ...] = LABELS
    thresholds = np.zeros(len(LABELS))

    def __init__(self, label: str, about: str) -> None:
        self._label, self._about = label, about

    def logits(self, texts: Sequence[Text]) -> np.ndarray:
        read = [self._label if self._about in text[1] else LABELS[0] for text in texts]
        return np.array([[6.0 if label == found else 0.0 for label in LABELS] for found in read])


def reading(library: Library, label: str, about: str = CANDIDA) -> Checker:
    reads = Reads(label, about)
    return Checker(library, lambda: Retellings(library.statements, WordHashEmbedder(), reads, library.glossary))


RETELLING = (
    "Dr. Liptan says that candida she would treat by what people eat, so a new diet, and by probiotics from the shop"
)


@pytest.mark.parametrize(
    ("label", "ruling"),
    [
        ("faithful", Ruling.PARAPHRASE),
        ("changed", Ruling.ALTERED),
        ("unrelated", Ruling.NOT_IN_ARTICLE),
    ],
)
def test_what_is_retold_is_ruled_by_what_reads_it(library: Library, label: str, ruling: Ruling) -> None:
    (verdict,) = reading(library, label).check(RETELLING)
    assert verdict.ruling is ruling
    assert label == "unrelated" or verdict.statements[0].text == CANDIDA
    assert verdict.actual_speaker == ("" if ruling is Ruling.NOT_IN_ARTICLE else "Ginevra Liptan")


def test_two_things_turned_round_are_a_change_that_is_named(library: Library) -> None:
    about = "She’d much rather have people spend money on massage therapy than supplements."
    claim = "Dr. Liptan says she would have people spend money on a jar of supplements, better than massage therapy"
    (verdict,) = reading(library, "faithful", about).check(claim)
    assert verdict.ruling is Ruling.ALTERED
    assert [(change.theirs, change.article) for change in verdict.changes] == [
        ("supplements, better than massage therapy", "massage therapy than supplements")
    ]
    as_it_is = (
        "Dr. Liptan says she would have people spend money on a massage therapy, better than a jar of supplements"
    )
    assert reading(library, "faithful", about).check(as_it_is)[0].ruling is Ruling.PARAPHRASE


def test_a_retelling_in_quotation_marks_is_nobodys_words(library: Library) -> None:
    before, told = RETELLING.split("that ", 1)
    (verdict,) = reading(library, "faithful").check(f"{before}“{told}”")
    assert verdict.claim.is_quoted
    assert verdict.ruling is Ruling.ALTERED


def test_what_is_cut_off_leaves_the_dot_of_a_dose() -> None:
    text = "Dr. Liptan says .5 mgs or less could be a way"
    parts = [part.text for part in readings(Claim(text, Span(0, len(text)), "Ginevra Liptan", is_quoted=False))]
    assert ".5 mgs or less could be a way" in parts
    assert not any(part.startswith("5 mgs") for part in parts)


def test_somebody_elses_statement_retold_is_somebody_elses(library: Library) -> None:
    (verdict,) = reading(library, "faithful").check(RETELLING.replace("Dr. Liptan", "Jared Younger"))
    assert (verdict.ruling, verdict.actual_speaker) == (Ruling.SOMEONE_ELSE, "Ginevra Liptan")


@pytest.mark.parametrize(
    "changed", [("by probiotics", "by gabapentin and probiotics"), ("by probiotics", "by 20 mg of probiotics")]
)
def test_what_can_be_counted_is_not_left_to_the_reader(library: Library, changed: tuple[str, str]) -> None:
    (verdict,) = reading(library, "faithful").check(RETELLING.replace(*changed))
    assert verdict.ruling in (Ruling.ALTERED, Ruling.NOT_IN_ARTICLE)


def test_a_retelling_with_another_quantity_is_changed(library: Library) -> None:
    claim = "Dr. Liptan says the maximum of LDN for long-term use if tolerated is 45 mg"
    (verdict,) = reading(library, "faithful", "maximum of 4.5 mgs").check(claim)
    assert verdict.ruling is Ruling.ALTERED
    assert [(c.kind, c.theirs, c.article) for c in verdict.changes] == [("number", "45 mg", "4.5 mgs")]


def test_words_alone_need_no_model(library: Library) -> None:
    def load() -> Retellings:
        raise AssertionError("the model was loaded")

    checker = Checker(library, load)
    assert checker.check("She uses diet and antibiotics to treat candida")[0].ruling is Ruling.ALTERED


@pytest.mark.parametrize("text", ["", "   \n", "x" * (MAX_CHARS + 1)])
def test_nothing_or_too_much_to_read_is_a_clear_error(checker: Checker, text: str) -> None:
    with pytest.raises(QuestionError, match="check"):
        checker.check(text)


def test_a_long_post_is_checked_in_two_seconds(checker: Checker) -> None:
    """Real posts one after the other, in one of five runs: the machine may be busy."""
    folder = ROOT / "evals" / "cases"
    rows = [
        line for name in ("posts", "posts_held_out") for line in (folder / f"{name}.jsonl").read_text().splitlines()
    ]
    post = "\n\n".join(json.loads(row)["post"] for row in rows)
    post = f"{post}\n\n{post}"[:MAX_CHARS]
    assert len(post) == MAX_CHARS
    took_s: list[float] = []
    while len(took_s) < 5 and min(took_s, default=2.0) >= 2.0:
        started = time.perf_counter()
        assert len(checker.check(post)) > 150
        took_s.append(time.perf_counter() - started)
    assert min(took_s) < 2.0


def test_the_json_is_the_contract(checker: Checker) -> None:
    (verdict,) = checker.check("She uses diet and antibiotics to treat candida.")
    row = verdict_json(verdict)
    assert list(row) == ["claim", "claimed_speaker", "verdict", "actual_speaker", "statement", "changes"]
    assert row["verdict"] == "altered"
    assert row["actual_speaker"] == "Ginevra Liptan"
    assert row["statement"]["text"] == "She uses diet and probiotics to treat candida."
    assert row["changes"] == [{"kind": "word", "theirs": "antibiotics", "article": "probiotics"}]


def test_every_verdict_has_its_words(checker: Checker) -> None:
    assert all(check_wording().texts[f"{table}.{ruling}"] for table in ("label", "reply") for ruling in Ruling)
    for verdict in checker.check(POST):
        assert label(verdict)
        assert sentence(verdict)[0].isupper()


@pytest.mark.parametrize("style", ["plain", "markdown"])
def test_a_reply_names_what_is_wrong_and_where_it_stands(library: Library, checker: Checker, style: str) -> None:
    verdicts = checker.check(POST)
    text = reply(
        verdicts,
        library.articles[0],
        lambda statement: f"https://example.org/?s={statement.id}",
        "markdown" if style == "markdown" else "plain",
    )
    assert "the article says “slowly”, the post says “quickly”" in text
    assert "not by Jared Younger" in text
    assert text.count("https://example.org/?s=liptan-ldn:") == 4
    assert "Not medical advice" in text
    assert "%" not in text


def test_what_a_post_claims_again_is_listed_once(library: Library, checker: Checker) -> None:
    claim = 'Dr. Liptan says "side effects are minimal when the dosage is increased quickly".'
    verdicts = checker.check(f"{POST}\n\n{claim}\n\nReally: {claim}")
    numbers = numbered(verdicts)
    again = [verdict for verdict in verdicts if "increased quickly" in verdict.claim.text]
    assert len(again) == 3
    assert len({number for number, verdict in zip(numbers, verdicts, strict=True) if verdict in again}) == 1
    assert max(numbers) == len(verdicts) - 2
    assert [times for _, times in first_of_each(verdicts).values() if times > 1] == [3]
    for style in ("plain", "markdown"):
        text = reply(verdicts, library.articles[0], lambda _: "?s=x", style)
        assert text.count("increased quickly") == 1
        assert "(the post says it 3 times)" in text


def test_a_reply_keeps_a_posts_markup_from_being_markup(library: Library, checker: Checker) -> None:
    post = 'Dr. Liptan says "![x](https://evil.example/x.png) <b>take it</b> every single morning".'
    text = reply(checker.check(post), library.articles[0], lambda statement: statement.id, "markdown")
    assert "![x](" not in text
    assert "<b>" not in text


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "whosaid", "check", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False, input=stdin)


def test_the_command_line_checks_a_batch(tmp_path: Path) -> None:
    rows = [
        {"quote": "LDN can occasionally cause sleep issues.", "speaker": "Dr. Liptan"},
        {"quote": "Cats sleep for ten hours", "against": "Dogs sleep. Cats sleep for twelve hours a day."},
        {"quote": "She uses diet and probiotics to treat candida."},
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = run("--batch", str(path))
    assert done.returncode == 0, done.stderr
    verdicts = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert [[row["verdict"] for row in rows] for rows in verdicts] == [["someone_else"], ["altered"], ["reported"]]


@pytest.mark.parametrize(
    ("arguments", "content", "code", "words"),
    [
        ((), b"", 2, b"give a text or --batch"),
        (("x y z", "--against", "{file}"), b"\xff\xfe", 1, b"not UTF-8"),
        (("--batch", "{file}"), b'{"quote": "a"}\nnonsense\n', 1, b"line 2"),
        (("--batch", "{file}"), b'{"speaker": "a"}\n', 1, b"line 1"),
        (("x", "--against", "nowhere.txt"), b"", 1, b"nowhere.txt"),
    ],
)
def test_bad_input_is_one_clear_line(
    tmp_path: Path, arguments: tuple[str, ...], content: bytes, code: int, words: bytes
) -> None:
    path = tmp_path / "input"
    path.write_bytes(content)
    done = run(*(argument.replace("{file}", str(path)) for argument in arguments))
    assert done.returncode == code
    assert words in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_post_is_read_from_standard_input() -> None:
    done = run("-", "--json", stdin=POST.encode())
    assert [row["verdict"] for row in json.loads(done.stdout)] == ["altered", "altered", "someone_else", "exact"]


@pytest.mark.parametrize(
    ("post", "text", "speaker"),
    [
        ("What the article says:\n1. Dr. Liptan starts at 0.5 mg.", "Dr. Liptan starts at 0.5 mg.", "Ginevra Liptan"),
        ("I like it here.\nDr. Liptan has 3 cats.\nShe is nice.\nBye now.", "Dr. Liptan has 3 cats.", "Ginevra Liptan"),
        ("What the article says:\n- it takes a month to work", "it takes a month to work", ""),
    ],
)
def test_an_items_own_speaker_and_a_short_sentence_with_a_number_are_claims(
    checker: Checker, post: str, text: str, speaker: str
) -> None:
    (verdict,) = checker.check(post)
    assert (verdict.claim.text, verdict.claim.speaker) == (text, speaker)


@pytest.mark.parametrize("name", ["Dr. Liptan", "Ginevra Liptan"])
def test_a_sentence_of_somebody_else_is_theirs_though_another_name_begins_it(checker: Checker, name: str) -> None:
    (verdict,) = checker.check(f"How long? I was told this here. {name} recommends 6 weeks. Is that so?")
    assert (verdict.ruling, verdict.actual_speaker) == (Ruling.SOMEONE_ELSE, "Jared Younger")


def test_a_sentence_with_its_own_name_and_another_number_is_changed(checker: Checker) -> None:
    (verdict,) = checker.check("How long? I was told this here. Jared Younger recommends 7 weeks. Is that so?")
    assert verdict.ruling is Ruling.ALTERED


def test_a_claim_ends_before_the_and_that_leads_to_another_speaker(checker: Checker) -> None:
    post = "Dr. Liptan says it blocks the pain relief of opiates, and the author says it should never be taken so."
    assert checker.check(post)[0].claim.text.endswith("opiates")


THIRDS = "About 2/3rd’s of her patients benefit significantly"
SUPPLEMENTS = "Her most important supplements (fish oils"


@pytest.mark.parametrize(
    ("about", "claim", "ruling"),
    [
        (
            THIRDS,
            "Dr. Liptan says a benefit is what her patients get in one in three, reductions in pain that most receive",
            Ruling.ALTERED,
        ),
        (
            THIRDS,
            "Dr. Liptan says a benefit is what her patients get in 66%, reductions in pain that most receive",
            Ruling.PARAPHRASE,
        ),
        (SUPPLEMENTS, "Dr. Liptan swears by pills of fish oils, ginseng and good B vitamins", Ruling.ALTERED),
        (SUPPLEMENTS, "Dr. Liptan swears by pills of fish oils, magnesium and good B vitamins", Ruling.NOT_IN_ARTICLE),
        (SUPPLEMENTS, "Dr. Liptan swears by pills of fish oils, turmeric and good B vitamins", Ruling.PARAPHRASE),
    ],
)
def test_another_share_or_thing_in_a_list_is_not_left_to_the_reader(
    library: Library, about: str, claim: str, ruling: Ruling
) -> None:
    (verdict,) = reading(library, "faithful", about).check(claim)
    assert verdict.ruling is ruling


@pytest.mark.parametrize("who", ["group has found", "patients reported", "team found"])
def test_what_somebodys_group_found_is_credited_to_them(checker: Checker, who: str) -> None:
    claim = f"Dr. Liptan's {who} that even lower doses (10 mcg to 500 mcg (0.5mg)) can be more helpful."
    (verdict,) = checker.check(claim)
    assert verdict.ruling is Ruling.SOMEONE_ELSE


def test_a_medicine_before_the_articles_words_is_never_cut_off(checker: Checker) -> None:
    (verdict,) = checker.check(
        "Dr. Liptan says fentanyl, methadone, Vicodin and Butrans largely preclude the use of LDN."
    )
    assert verdict.ruling is Ruling.ALTERED
    assert "Vicodin" in verdict.claim.text


@pytest.mark.parametrize(
    ("post", "claim", "speaker"),
    [
        ("I like Dr. Liptan. Her most important supplements are iron, zinc and tea.",
         "Her most important supplements are iron, zinc and tea.", "Ginevra Liptan"),
        ("I read the article. It also says the research on all this is solid.",
         "It also says the research on all this is solid.", ""),
    ],
)  # fmt: skip
def test_what_is_hers_and_what_it_says_are_claims(checker: Checker, post: str, claim: str, speaker: str) -> None:
    found = [(verdict.claim.text, verdict.claim.speaker) for verdict in checker.check(post)]
    assert (claim, speaker) in found


def test_what_a_packet_says_is_no_claim_of_the_article(checker: Checker) -> None:
    post = "It says on the packet to take it with food. Dr. Liptan uses probiotics to treat candida. Her cat is nice."
    assert [verdict.claim.text for verdict in checker.check(post)] == ["Dr. Liptan uses probiotics to treat candida."]
