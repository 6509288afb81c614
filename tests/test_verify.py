"""The guarantee: no sentence of a chat model is shown that its statements do not support. One test a rule, and more."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whosaid.library import Library, load_library
from whosaid.settings import ROOT
from whosaid.types import Sentence
from whosaid.verify import RULES, verify

DOSE, MAXIMUM, MONTH, YOUNGER = (
    "recommends taking LDN 1.5 mgs",
    "If that’s tolerated",
    "about a month",
    "Younger recommends",
)
THREE, SIX, GABAPENTIN, OPIATES = "in about three hours", "six hours apart", "no reason she can’t", "largely preclude"
SLOW = "slow and incremental increases"
SPINAL, CANDIDA = "the most effective way to reduce spinal cord", "does not cause the problem"
BLOCK, CHEAP, SLEEP = "appears to cause the central", "side-effect free", "can occasionally cause"
TIPS, HOLISTIC, SCHOOL = "LDN can tip opiate", "program is holistic", "in medical school"
BELIEF, VIRTUALLY, REPORT = "brain inflammation largely", "virtually any", "in intractable pain"
WEEK, RATIO, HORMONES = "within a week or so", "2:1 ratio", "Restoring hormone"
Check = Callable[..., str]


@pytest.fixture
def broken(library: Library) -> Check:
    """Return the rule that a sentence over these statements breaks, "" where it stays."""

    def check(text: str, *parts: str, cites: bool = True) -> str:
        given_ = [next(s for s in reversed(library.statements) if part in s.text) for part in parts]
        sentence = Sentence(text, tuple(s.id for s in given_) if cites else ())
        _, dropped = verify([sentence], given_, library.glossary)
        return dropped[0].rule if dropped else ""

    return check


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Dr. Liptan recommends 1.5 mg at night for two weeks, then 3 mg at night for another two weeks.", DOSE),
        ("She starts LDN at 1.5 milligrams a night.", DOSE),
        ("She recommended giving LDN about a month.", MONTH),
        ("Jared Younger recommends six weeks.", YOUNGER),
        ("Dr. Liptan sees no reason why somebody cannot take both drugs at the same time.", GABAPENTIN),
        ("Long-acting opiates such as fentanyl or methadone largely rule out LDN, she notes.", OPIATES),
        ("In her book, Dr. Liptan calls LDN the most effective way to reduce inflammation of the spinal cord.", SPINAL),
        ("Dr. Liptan finds LDN mostly free of side effects, cheap and often quite helpful.", CHEAP),
        ("LDN can now and then cause sleep problems.", SLEEP),
        ("Blocking the receptors for a short time appears to make the body produce more endorphins.", BLOCK),
        ("LDN can tip users of opiate painkillers into withdrawal, her biggest constraint.", TIPS),
        ("The opiate withdrawal problem limits her ability to prescribe it.", CHEAP),
        ("Liptan's belief is that inflammation of the brain largely causes FM's pain problems.", BELIEF),
        ("Some people in pain on high doses of opioids got more benefit from lower doses by taking ULDN.", REPORT),
        ("In her experience LDN does not bring candida back in patients who keep it in check.", CANDIDA),
        ("Her program is holistic, and every piece needs to be employed for it to be most effective.", HOLISTIC),
    ],
)
def test_a_faithful_sentence_stays(broken: Check, text: str, part: str) -> None:
    assert broken(text, part) == ""


@pytest.mark.parametrize(
    ("text", "part", "rule"),
    [
        ("She said “take it at night”.", DOSE, "writes a quotation"),
        ("She said 'take it at night'.", DOSE, "writes a quotation"),
        ("You take 1.5 mg at night.", DOSE, "addresses the reader"),
        ("Take 1.5 mg at night for fourteen days.", DOSE, "addresses the reader"),
        ("Patients should take 1.5 mg at night.", DOSE, "addresses the reader"),
        ("She recommends 2.5 mg at night.", DOSE, "another quantity"),
        ("She recommends 1.5 mcg at night.", DOSE, "another quantity"),
        ("She recommends 1.5 mg at night for four weeks.", DOSE, "another quantity"),
        ("She recommends 1.5 mg in the morning.", DOSE, "another quantity"),
        ("Blocking the receptors for a whole day appears to create more receptors.", BLOCK, "another quantity"),
        ("Blocking the receptors around the clock appears to create more of them.", BLOCK, "another quantity"),
        ("She specialized in FM after coming down with it during her residency.", SCHOOL, "another quantity"),
        ("She recommends 1.5 mg of tramadol at night.", DOSE, "another drug or thing"),
        ("She sees no reason against taking both pregabalin and LDN.", GABAPENTIN, "another drug or thing"),
        ("Dr. Liptan recommends six weeks.", YOUNGER, "another speaker"),
        ("Jared Younger recommends about a month.", MONTH, "another speaker"),
        ("The author recommends about a month.", MONTH, "another speaker"),
        ("Dr. Liptan says that blocking the receptors appears to produce more endorphins.", BLOCK, "another speaker"),
        ("Adding LDN causes the problem to come back.", CANDIDA, "a negation added or lost"),
        ("Long-acting opiates do not largely preclude LDN.", OPIATES, "a negation added or lost"),
        ("LDN is not the most effective way to reduce spinal cord inflammation.", SPINAL, "a negation added or lost"),
        ("Blocking the receptors causes the body to produce more endorphins.", BLOCK, "a hedge lost"),
        ("LDN causes sleep issues.", SLEEP, "a hedge lost"),
        ("LDN always causes sleep issues, which can occasionally happen.", SLEEP, "a hedge lost"),
        ("Results in her patients were better than any pharmaceutical drug.", VIRTUALLY, "a hedge lost"),
        ("Her patients see benefits within a week, and then she slowly increases the dose.", WEEK, "a hedge lost"),
        ("Occasional short-acting opioids wash out of the system in about three hours.", THREE, "a hedge lost"),
        ("LDN can tip opiate users into withdrawal, and opiates are the most-used drug in FM.", TIPS, "a hedge lost"),
        ("The opiate withdrawal problem limits a drug that is side-effect free and cheap.", CHEAP, "a hedge lost"),
        ("For long-term use she goes to 4.5 mg.", MAXIMUM, "a condition lost"),
        ("In her experience, adding LDN does not bring candida back.", CANDIDA, "a condition lost"),
        (
            "In one report ULDN let some people in intractable pain get more benefit from higher doses of opioids.",
            REPORT,
            "turned round",
        ),
        ("Benefits are usually seen within a week or so, and then she slowly cuts the dose.", WEEK, "turned round"),
        ("A 1:2 combination of oxycodone and naloxone appears to be able to help.", RATIO, "another quantity"),
        ("Restoring hormone balance is done with levothyroxine.", HORMONES, "another drug or thing"),
        ("She recommends that patients make fast increases.", SLOW, "turned round"),
        (
            "LDN polishes kitchen tables and paints garden fences blue.",
            SPINAL,
            "says more than its statements",
        ),
    ],
)
def test_each_rule_drops_what_it_is_for(broken: Check, text: str, part: str, rule: str) -> None:
    assert broken(text, part) == rule


def test_every_rule_is_tested(request: pytest.FixtureRequest) -> None:
    tests = [i for i in request.session.items if i.name.startswith("test_each_rule_drops_what_it_is_for")]
    assert {rule for test in tests for rule in RULES if rule in test.name} == set(RULES)


def test_a_sentence_that_cites_nothing_or_something_else_is_dropped(broken: Check, library: Library) -> None:
    assert broken("She recommends 1.5 mg at night.", DOSE, cites=False) == "cites nothing"
    stray = Sentence("She recommends 1.5 mg at night.", ("liptan-ldn:00000000",))
    _, dropped = verify([stray], library.statements[:3], library.glossary)
    assert dropped[0].rule == "cites what was not given"


def test_three_hours_never_stand_without_her_six(library: Library) -> None:
    three, six = (next(s for s in library.statements if part in s.text) for part in (THREE, SIX))
    theory = Sentence(
        "In theory, after occasional short-acting opioids LDN should be possible in about three hours.", (three.id,)
    )
    hers = Sentence("Dr. Liptan advises at least six hours between occasional short-acting pain meds.", (six.id,))
    assert verify([theory], [three, six], library.glossary)[0] == []
    assert verify([theory, hers], [three, six], library.glossary)[0] == [theory, hers]


LIBRARY = load_library(ROOT / "corpus")


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(LIBRARY.statements) - 1), st.integers(6, 900), st.sampled_from(["mg", "hours", "weeks", "%"]))
def test_a_number_that_no_statement_has_is_never_shown(place: int, number: int, unit: str) -> None:
    statement = LIBRARY.statements[place]
    if str(number) in statement.text or "thousand" in statement.text:
        return
    sentence = Sentence(f"{statement.text.rstrip('.')} and {number} {unit}.", (statement.id,))
    assert verify([sentence], [statement], LIBRARY.glossary)[0] == []


@settings(max_examples=200, deadline=2000)
@given(st.text(max_size=400))
def test_no_text_breaks_it(text: str) -> None:
    statement = LIBRARY.statements[5]
    kept, dropped = verify([Sentence(text, (statement.id,))], [statement], LIBRARY.glossary)
    assert len(kept) + len(dropped) == 1
