"""Source text → canonical text: site noise goes, and what stays is unchanged to the character."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.clean import canonical, is_title
from whosaid.settings import ROOT

LIPTAN = ROOT / "corpus" / "liptan-ldn"
SOURCE = (LIPTAN / "source.txt").read_bytes().decode("utf-8")
ARTICLE = (LIPTAN / "article.txt").read_bytes().decode("utf-8")

NOISE = [
    "Health Rising’s 2024 BIG (little) End of the Year Donation Drive",
    "75000",
    "5706",
    "+100%-",
    "  • Check out Health Rising’s latest LDN blog below:",
    "An Immune Disease? Low Dose Naltrexone (LDN) Fibromyalgia Study Suggests FM Has Inflammatory Side",
    "LDN dosing FM",
    "proper dosing is critical to getting benefit from LDNDr. Liptan noted that",
    "health rising donations",
    "Health Rising's End of the Year Fundraising Drive",
    "If getting the latest news on cutting-edge research and treatments in ME/CFS,",
    "Paypal, checks, Amazon gift cards, and bitcoin work for us.",
    "Use the widget on the right hand side to donate via Paypal or click here.",
    "opioids ULDN",
    "Low Dose Naltrexone (LDN) Fibromyalgia and Chronic Fatigue Syndrome Resource Center",
    "Keep the information flowing! Support Health Rising during our end of the year fundraising drive.",
    "Stay Up to Date with ME/CFS, Long COVID and Fibromyalgia News",
    "Get Health Rising's free blogs featuring the latest findings",
    "Thank you for signing up!",
    "Pin It on Pinterest",
    "Share This",
]


def content_lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def stand_in_order(lines: list[str], among: list[str]) -> bool:
    rest = iter(among)
    return all(line in rest for line in lines)


def test_the_shipped_article_is_exactly_what_cleaning_its_source_gives() -> None:
    assert canonical(SOURCE) == ARTICLE


def test_every_line_of_the_article_stands_in_the_source_in_order() -> None:
    assert len(content_lines(ARTICLE)) > 40
    assert stand_in_order(content_lines(ARTICLE), SOURCE.splitlines())


def test_cleaning_drops_the_sites_noise_and_no_other_line() -> None:
    kept = set(content_lines(ARTICLE))
    dropped = [line for line in content_lines(SOURCE) if line not in kept]
    assert len(dropped) == len(NOISE)
    assert all(line.startswith(noise) for line, noise in zip(dropped, NOISE, strict=True))


@pytest.mark.parametrize("noise", NOISE)
def test_the_sites_noise_is_gone(noise: str) -> None:
    assert noise in SOURCE
    assert noise not in canonical(SOURCE)


@pytest.mark.parametrize(
    "oddity",
    [
        "Dr. Ginerva Liptan",
        "(buprenorephrine)",
        "some get 60% reductions in pain). Her best",
        "LDNCombine Opiate",
        "2/3rd’s of FM patients",
        "in general, Liptan, recommends",
        "good that …(it) can reduce",
        "ULDN – .5 mgs or less",
        "Dr Liptan called",
        "  • Rest – Improving",
        "approved for use in both Europe and the U.S. appears",
    ],
)
def test_oddities_of_the_article_stay(oddity: str) -> None:
    assert oddity in SOURCE
    assert oddity in canonical(SOURCE)


def test_white_space_inside_lines_stays_as_it_was() -> None:
    assert "believes that\N{NO-BREAK SPACE} brain inflammation" in canonical(SOURCE)
    for space in ("  ", "\N{NO-BREAK SPACE}"):
        kept = content_lines(ARTICLE)
        in_source = sum(line.count(space) for line in content_lines(SOURCE) if line in kept)
        assert canonical(SOURCE).count(space) == in_source > 0


def test_cleaning_the_article_again_changes_nothing() -> None:
    assert canonical(ARTICLE) == ARTICLE


PAGE = """\
Back Pages’ Spring Fund Drive
$1,250
42%

woman walking dog

Walking With Back Pain

Walking  helps, says Dr. Boll.\N{NO-BREAK SPACE} Rest does not.
Ten minutes are enough.



  • See our older posts on rest below:

Why Beds Are Bad for You

  • Shoes
  • A stick of 90 cm

the spine in motionDr. Boll measured the

Dr. Boll measured the spines of 40 walkers.

What Comes Next?

Subscribe to our weekly newsletter
Enter your email address
No spam, ever.
Thank you for signing up
Share Tweet Pin Email
Related Posts
"""
CLEAN = """\
Walking With Back Pain

Walking  helps, says Dr. Boll.\N{NO-BREAK SPACE} Rest does not.
Ten minutes are enough.

  • Shoes
  • A stick of 90 cm

Dr. Boll measured the spines of 40 walkers.

What Comes Next?
"""


def test_another_sites_page_is_cleaned_by_the_same_rules() -> None:
    assert canonical(PAGE) == CLEAN


def test_windows_line_ends_make_no_difference() -> None:
    assert canonical(PAGE.replace("\n", "\r\n")) == CLEAN


def test_a_page_of_noise_alone_gives_an_empty_text() -> None:
    assert canonical("75000\n\nPin It on Pinterest\n\nShare This\n") == "\n"
    assert canonical("") == "\n"


def test_only_the_title_under_a_pointer_to_other_posts_goes_with_it() -> None:
    page = "Read our latest articles below:\n\nBeds Are Bad\n\nWalking Is Good\n\nWalk daily.\n"
    assert canonical(page) == "Walking Is Good\n\nWalk daily.\n"


@pytest.mark.parametrize(
    "line",
    [
        "Getting pain free takes months, she says.",
        "Patients who have donated blood should wait two weeks before they start, Dr. Boll says.",
        "Related problems, such as poor sleep, need a treatment of their own.",
        "Share this with your doctor before you start.",
    ],
)
def test_a_sentence_with_a_word_that_furniture_has_too_is_content(line: str) -> None:
    page = f"Dr. Boll treats back pain.\n\n{line}\n\nShe walks daily.\n"
    assert canonical(page) == page


@pytest.mark.parametrize(
    "line",
    [
        "Give 10 minutes a day.",
        "3 Ways to Rest",
        "Pills",
        "Is Rest Bad?",
        "• Restoring hormone balance",
        "1,250 patients walked.",
        "Rest hurts!",
    ],
)
def test_short_sentences_titles_and_list_items_are_content(line: str) -> None:
    assert canonical(f"{line}\n\nShe walks daily.\n") == f"{line}\n\nShe walks daily.\n"


LINES = st.one_of(st.text(), st.sampled_from([*NOISE, *PAGE.splitlines(), "", " "]))


@settings(derandomize=True, database=None)
@given(st.lists(LINES, max_size=12).map("\n".join))
def test_any_canonical_text_is_made_of_lines_of_its_source_in_order(source: str) -> None:
    text = canonical(source)
    assert text.endswith("\n")
    assert "\n\n\n" not in text
    assert stand_in_order([line for line in text.split("\n") if line], source.splitlines())


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("LDN and Candida", True),
        ("The Ultra-Low Dose Naltrexone Opiate Fix?", True),
        ("3 Ways to Rest", True),
        ("Ärzte Und Ökonomen", True),
        ("LDN dosing FM", False),
        ("Restoring hormone balance", False),
        ("and of the", False),
        ("…", False),
        ("", False),
    ],
)
def test_a_title_has_a_capital_or_digit_on_every_word_but_the_small_ones(line: str, expected: bool) -> None:
    assert is_title(line) is expected
