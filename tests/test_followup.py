"""What a turn is read as: with what came before it where it leans on that, alone where it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whosaid.followup import in_words, stand_alone
from whosaid.library import Library
from whosaid.question import needed, understand
from whosaid.types import Focus

OXY = "Can I take LDN with OxyContin?"


@pytest.mark.parametrize(
    ("before", "last", "read_as"),
    [
        ([OXY], "and Norco?", "Can I take LDN with norco?"),
        (["Does she use vitamin D and CoQ10?"], "And magnesium?", "Does she use magnesium?"),
        ([OXY], "what about gabapentin?", "Can I take LDN with gabapentin?"),
        (["May I stay on gabapentin with it?"], "The same for amitriptyline?", "May I stay on amitriptyline with it?"),
        (["what dose of uldn does she use"], "sorry i meant LDN", "what dose of LDN does she use"),
        (["Does LDN mess with your sleep?"], "why?", "Does LDN mess with your sleep? why?"),
        (["Which supplements does she use?"], "how much of each?", "how much of each? (supplements use)"),
        (["Does it help candida?", "thanks!"], "and how long is that?", "Does it help candida? how long is that?"),
        (["can i take ldn w gabapentin"], "also whats her book called", "also whats her book called"),
        (["I take LDN and tramadol.", "n what about sleep??"], "what does it cost", "what does it cost (LDN)"),
        (["I'm on 4.5 LDN. I'll get oxycodone after the knee."], "so how many days before the op do I stop it",
         "how many days before the op do I stop it (LDN)"),
        (["I want to try LDN", "on oxycontin twice a day"], "so i have to stop it first?",
         "i have to stop it first? (oxycontin twice day LDN)"),
        (["I'll ask about vitamins now. Does she use vitamin D?"], "And magnesium?", "Does she use magnesium?"),
        (["what helps against candida"], "and which probiotics, the ones from the fridge?",
         "which probiotics, the ones from the fridge? (helps against candida)"),
        ([OXY], "massage or vitamins for pain, which first", "massage or vitamins for pain, which first"),
        ([OXY], "which vitamins would she have me take", "which vitamins would she have me take"),
        (["can i take it with my painkillers"], "who is dr liptan", "who is dr liptan"),
        (["Does she use vitamin D?"], "what is LDN", "what is LDN"),
        (["Does she use vitamin D?"],
         "my pharmacist says naltrexone was once made out of an opioid, is that true or is he having me on",
         "my pharmacist says naltrexone was once made out of an opioid, is that true or is he having me on"),
        (["can i take it with pregabalin"], "does it make you fat", "does it make you fat"),
        (["is beer ok with it"], "my legs twitch since i started it", "my legs twitch since i started it"),
        (["Does she use vitamin D?"], "is it safe", "Does she use vitamin D? is it safe"),
        (["They say LDN cures everything"], "Is it true that she starts her patients at 1.5 mg at night?",
         "Is it true that she starts her patients at 1.5 mg at night?"),
        ([OXY], "ok, unrelated: does she like turmeric", "does she like turmeric"),
        ([OXY], "new question. Is fibromyalgia hereditary?", "Is fibromyalgia hereditary?"),
        ([OXY], "Which supplements does Dr. Liptan recommend to her patients?",
         "Which supplements does Dr. Liptan recommend to her patients?"),
        ([], "and Norco?", "and Norco?"),
        ([OXY], "Could something else explain a stiff neck?",
         "Could something else explain a stiff neck? (take ldn oxycontin)"),
        ([OXY], "Completely different topic – does she like turmeric", "does she like turmeric"),
        (["New topic: does she use vitamin D?"], "and magnesium?", "does she use magnesium?"),
        ([OXY], "My last one was a pain clinic with vitamins", "My last one was a pain clinic with vitamins"),
        (["I take tramadol for my back"], "LDN price", "LDN price (take tramadol back)"),
        (["I take tramadol for my back"], "baclofen + vitamin D", "baclofen + vitamin D"),
        (["Does she use vitamin D?"], "is there a blood test for fibromyalgia and ME",
         "is there a blood test for fibromyalgia and ME"),
        (["Does she use vitamin D?"], "My neighbour said that LDN made her gain weight",
         "My neighbour said that LDN made her gain weight"),
        (["Does she use vitamin D?"], "Are bad nights worse each time LDN goes up",
         "Are bad nights worse each time LDN goes up"),
        (["Does she use vitamin D?"], "am i going too fast if i take LDN three days apart",
         "am i going too fast if i take LDN three days apart"),
        ([OXY, "what about norco"], "how much of it does she start patients on",
         "how much of it does she start patients on (LDN)"),
        ([OXY, "what about norco"], "and at night?", "Can I take LDN with norco? at night?"),
        (["Does she use vitamin D?"], "what was the Stanford study about", "what was the Stanford study about"),
        (["Does she use vitamin D?"], "is there a scan that shows what fibromyalgia does to nerves",
         "is there a scan that shows what fibromyalgia does to nerves"),
        (["Does she use vitamin D?"], "does that show on a scan of fibromyalgia nerves",
         "does that show on a scan of fibromyalgia nerves (use vitamin d)"),
        ([OXY], "LDN capsules, do they have lactose in them", "LDN capsules, do they have lactose in them"),
        ([OXY], "do they have lactose in them, LDN capsules",
         "do they have lactose in them, LDN capsules (take oxycontin)"),
        (["Does it help sleep?", "right, I knew it"], "what should those do then?",
         "Does it help sleep? what should those do then?"),
        ([OXY], "which of the two gives LDN a bad name?", "which of the two gives LDN a bad name? (take oxycontin)"),
        (["Does she use LDN?", "yes"], "and vitamin D too?", "vitamin D too? (use ldn)"),
    ],
)  # fmt: skip
def test_a_turn_is_read_as_its_user_meant_it(library: Library, before: list[str], last: str, read_as: str) -> None:
    assert stand_alone(last, before, library.glossary).text == read_as


@pytest.mark.parametrize(
    ("read_as", "after", "shown"),
    [
        ("is it fine (LDN)", "", "is it fine – with “LDN” from before"),
        (
            "how much of each? (supplements use)",
            "Which supplements does she use?",
            "how much of each? – after “Which supplements does she use?”",
        ),
        ("and later (dose LDN tramadol)", "What dose of LDN?", "and later – after “What dose of LDN?” and “tramadol”"),
        (
            "why so (long " + "word " * 30 + "here)",
            "long " + "word " * 30 + "here",
            "why so – after “long " + "word " * 16 + "…”",
        ),
        ("Can I take LDN with norco?", "", "Can I take LDN with norco?"),
        ("is it safe (LDN) for me?", "", "is it safe (LDN) for me?"),
        ("does it (LDN) help? (sleep)", "", "does it (LDN) help? – with “sleep” from before"),
    ],
)
def test_what_is_from_the_turns_before_is_said_to_be_that(read_as: str, after: str, shown: str) -> None:
    assert in_words(read_as, after) == shown


def test_ldn_is_not_brought_along_where_the_turn_says_the_ultra_low_dose(library: Library) -> None:
    read_as = stand_alone(
        "can ULDN be used with those?", ["which long-acting opioids rule out LDN"], library.glossary
    ).text
    assert "ldn" not in read_as.lower().replace("uldn", "")
    assert "opioids" in read_as


@pytest.mark.parametrize(
    ("before", "last", "also"),
    [
        (["ldn slowly up to 4.5 ok"], "is that a pill or drops", "is that a pill or drops LDN"),
        (["Does it help candida?", "thanks!"], "and how long is that?", "how long is that? candida"),
        ([OXY], "and Norco?", ""),  # the thing is swapped: one reading
        ([OXY], "Which supplements does Dr. Liptan recommend to her patients?", ""),
        ([], "how long is that?", ""),
    ],
)
def test_a_leaning_turn_is_read_with_just_the_things_before_it_as_well(
    library: Library, before: list[str], last: str, also: str
) -> None:
    assert understand([*before, last], library.glossary).also_read_as == also


@pytest.mark.parametrize(
    ("last", "may"),
    [
        ("what changes over the years", True),
        ("my sister wants to know whether it makes her hair fall out in winter", True),
        ("and what changes over the years", False),  # opens as a follow-up does
        ("does it change over the years", False),  # points, with little of its own
        ("how long", False),
        ("what are the pillars of her plan", True),
        ("every opioid", False),  # an ellipsis
        ("does smoking matter", True),  # names what is not in the article
        ("gabapentin in the evening, does that work", True),  # "that" may be what it names
        ("Does she use magnesium or rather potassium salts?", False),  # does not lean at all
    ],
)
def test_a_leaning_turn_with_words_of_its_own_may_be_tried_alone(library: Library, last: str, may: bool) -> None:
    assert understand(["Are there many side effects?", last], library.glossary).may_stand_alone is may
    assert not understand([last], library.glossary).may_stand_alone


@pytest.mark.parametrize(
    ("turn", "focus"),
    [
        ("who said that?", Focus.WHO),
        ("Is that her or the blogger?", Focus.WHO),
        ("where is that from", Focus.WHO),
        ("ok show me more", Focus.MORE),
        ("only her own words please", Focus.OWN_WORDS),
        ("just in Dr. Liptan's own words", Focus.OWN_WORDS),
        ("what does the author say?", Focus.AUTHOR),
        ("who said that opioids make pain worse?", Focus.NONE),
        ("more pain after starting it", Focus.NONE),
        ("is that safe with gabapentin?", Focus.NONE),
    ],
)
def test_a_turn_may_ask_about_the_answer_before_it(library: Library, turn: str, focus: Focus) -> None:
    question = understand([OXY, turn], library.glossary)
    assert question.focus is focus
    if focus:
        assert question.read_as == OXY
    assert understand([turn], library.glossary).focus is Focus.NONE


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=60), max_size=3))
def test_any_turns_can_be_read(library: Library, last: str, before: list[str]) -> None:
    reading = stand_alone(last, before, library.glossary)
    assert in_words(reading.text, reading.after) or not last


@pytest.mark.parametrize(
    ("turns", "fewest"),
    [
        ([OXY, "thanks", "Does she use vitamin D?", "And magnesium?"], 2),
        ([OXY, "Which supplements does Dr. Liptan recommend to her patients?"], 1),
        ([OXY, "hm ok", "only her own words"], 3),
        ([OXY], 1),
    ],
)
def test_no_more_turns_are_needed_than_those_that_a_question_leans_on(
    library: Library, turns: list[str], fewest: int
) -> None:
    assert needed(turns, library.glossary) == turns[-fewest:]


@pytest.mark.parametrize(
    ("before", "last"),
    [
        ("did Liptan herself say 4.5 mg?", "who says it helps 60%"),  # nothing else that "it" could be
        ("i have thrush", "does she use coq10"),
        ("does it help with sleep", "can i take norco"),
    ],
)
def test_a_whole_question_is_read_as_it_stands_however_short(library: Library, before: str, last: str) -> None:
    assert understand([before, last], library.glossary).read_as == last


@pytest.mark.parametrize(
    ("before", "meant"),
    [
        ("i take norco 10 mg a few times a week, can i have ldn", "i take tramadol a few times a week, can i have ldn"),
        ("can I take 10mg of norco with LDN?", "can I take tramadol with LDN?"),
    ],
)
def test_the_dose_of_one_medicine_is_not_anothers(library: Library, before: str, meant: str) -> None:
    assert understand([before, "and tramadol?"], library.glossary).read_as == meant


@pytest.mark.parametrize(
    ("last", "may"), [("how long do i have to stop before", False), ("how long do i have to stop coffee and tea", True)]
)
def test_a_turn_that_breaks_off_is_not_tried_alone(library: Library, last: str, may: bool) -> None:
    assert understand(["im on norco", last], library.glossary).may_stand_alone == may


@pytest.mark.parametrize(
    ("before", "last", "read_as"),
    [
        (["took codeine at 6pm"], "is it ok to have my naltrexone at bedtime", "(codeine)"),
        (["I'm on percocet"], "when can i take my ldn", "(percocet)"),
        (["I'm coming off fentanyl patches"], "how long before I can start the naltrexone", "(fentanyl patches)"),
        (["I'm on oxycodone.", "does LDN help sleep"], "whats the dose of ldn", "(oxycodone)"),
        (["i am on amitriptyline and co-codamol"], "how much LDN should I take", "(amitriptyline co-codamol)"),
        (["my mum is on morphine, poor thing"], "can she take LDN", "(morphine)"),
        (["Im 14 weeks pregnant"], "can I stay on the LDN", "(pregnant)"),
        (["I came off oxycodone 3 weeks ago"], "is it ok to start now", "(oxycodone)"),
        (["I wear a fentanyl patch"], "want to swap to ldn tonight", "(fentanyl patch)"),
    ],
)
def test_what_somebody_told_they_take_is_not_forgotten_where_taking_ldn_is_asked_of(
    library: Library, before: list[str], last: str, read_as: str
) -> None:
    question = understand([*before, last], library.glossary)
    assert question.read_as == f"{last} {read_as}"
    assert not question.may_stand_alone


@pytest.mark.parametrize(
    ("before", "last"),
    [
        ("I'm on tramadol", "does LDN help sleep"),
        ("I'm on tramadol", "how long does LDN take to work"),
        ("I'm on tramadol", "how much does LDN cost"),
        ("does she use opioids", "when does she start LDN"),
        ("I'm on tramadol", "who is Dr. Liptan"),
        ("i have ibs", "how often do people take LDN who are older and frail"),
        ("what about morphine?", "how much LDN does she start with"),
    ],
)
def test_what_somebody_takes_is_not_dragged_along_elsewhere(library: Library, before: str, last: str) -> None:
    assert understand([before, last], library.glossary).read_as == last


@pytest.mark.parametrize("last", ["whats the dose", "what's the right dose", "what mg do you start on", "what dosage"])
def test_the_dose_that_is_asked_of_after_uldn_is_no_dose_of_ldn(library: Library, last: str) -> None:
    question = understand(["what is ULDN", last], library.glossary)
    assert "uldn" in question.read_as.lower()
    assert not question.may_stand_alone


@pytest.mark.parametrize(
    ("before", "last", "read_as"),
    [
        ("I take gabapentin", "how much should I take", "how much should I take (gabapentin)"),
        ("does ldn help pain", "and then?", "does ldn help pain and then?"),
        ("what causes fibromyalgia", "is it autoimmune", "what causes fibromyalgia is it autoimmune"),
        ("does insurance cover it", "in the uk?", "does insurance cover it in the uk?"),
    ],
)
def test_a_turn_leans_on_what_it_is_about(library: Library, before: str, last: str, read_as: str) -> None:
    question = understand([before, last], library.glossary)
    assert question.read_as == read_as


def test_a_turn_joined_to_the_one_before_is_shown_after_it() -> None:
    assert in_words("does insurance cover it in the uk?", "does insurance cover it") == (
        "in the uk? – after “does insurance cover it”"
    )


def test_how_long_to_wait_leans_on_what_is_waited_for(library: Library) -> None:
    asked = ["what if i stop the tramadol first", "how long do i have to wait"]
    question = understand(asked, library.glossary)
    assert "tramadol" in question.read_as
    assert not question.may_stand_alone
