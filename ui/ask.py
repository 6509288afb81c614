"""The Ask page: a chat, each answer as cards, and the article beside it.

What a visitor types lives in the browser session alone. `?q=` asks a question, several of them one after the other, and
`?s=` opens a statement, so an answer's address is a link for anybody.
"""

from functools import partial
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui import reading, shell
from ui.article import article_pane
from ui.cards import NEXT, SHOW, next_questions, quoted
from ui.conversation import Turn, answer_turn, ask, correct, kept, restore
from ui.copying import copying
from ui.explained import check_hard_words
from ui.handout import print_foot, print_head, take_away
from ui.live import Kept, Moved, Said, focus_on, live
from ui.pressing import pressing
from ui.render import element_id, lead, notices
from ui.shell import head, masthead, to_the_letter
from ui.vote import VOTE, forget_vote, pressed, vote
from ui.warm import WARM
from whosaid.errors import WhoSaidError
from whosaid.handout import Asked, shareable
from whosaid.library import Library
from whosaid.question import MAX_CHARS, clean
from whosaid.settings import load_settings
from whosaid.types import Statement
from whosaid.wording import answer_wording

_EXAMPLES = 5
_MAX_ASKED = 20  # turns of a link


def page() -> None:
    """Draw the page."""
    head("WhoSaid")
    # Made before all that comes and goes, so that the one announces once and the other keeps its place
    live_slot, article_slot = st.container(key="live"), st.container(key="article_slot")
    copying()
    pressing({SHOW: _show, NEXT: _ask_offered, VOTE: pressed})
    masthead("h1")
    # Before the corpus is read, which takes half a second, once: the first visitor can type in it meanwhile
    _log_note()
    typed = st.chat_input("Ask about the article", max_chars=MAX_CHARS, submit_mode="disable")
    library = shell.library()
    check_hard_words()
    _read_address(library)
    state = st.session_state
    if typed:
        ask(typed)
    _welcome(library, chosen=bool(state.turns))
    _model_note()
    above_on_paper = st.container()
    for number in range(len(state.turns)):
        _draw(number)
    if not WARM.ready:
        st.fragment(_loading_note, run_every=1)()
    elif not state.turns:
        _say_if_broken()
    if asked := [Asked(turn.question, turn.answer) for turn in state.turns if turn.answer]:
        with above_on_paper:
            print_head()
        take_away(asked, library.articles)
        print_foot(asked, library.articles)
    if state.turns:
        _offer_to_start_over()
    if state.statement:
        with article_slot:
            # where a reading is being changed, Escape leaves that first
            article_pane(state.statement, partial(_open, None), on_escape=not reading.is_open())
    _live(live_slot)


def _read_address(library: Library) -> None:
    """Take `?q=` and `?s=` over on the first run and whenever the visitor went back or forward."""
    state, address = st.session_state, st.query_params
    asked, named = address.get("q", ""), address.get("s", "")
    if "turns" not in state:
        state.turns, state.statement = [], None
        state.address, state.said, state.answered, state.opener, state.unknown = (asked, ""), 0, 0, "", ""
        state.moved, state.target, state.ending = 0, "", False
        for question in address.get_all("q")[-_MAX_ASKED:]:
            if question:
                ask(question)
    elif (asked, named) == state.address:
        return
    elif asked and asked != state.address[0] and all(asked not in {turn.question, turn.asked} for turn in state.turns):
        ask(asked)
    state.statement = library.statement(named)
    state.unknown = named if named and not state.statement else ""
    focus_on(element_id(state.statement) if state.statement else state.opener)
    state.address = (asked, named)


def _set_address(asked: str, named: str) -> None:
    st.session_state.address = (asked, named)
    for name, value in (("q", asked), ("s", named)):
        if value:
            st.query_params[name] = value
        else:
            st.query_params.pop(name, None)


def _open(statement: Statement | None, opener: str = "") -> None:
    """Open a statement in the article, or close the article; the focus goes there, and back to the opener."""
    state = st.session_state
    state.statement, state.opener = statement, opener or state.opener
    focus_on(element_id(statement) if statement else state.opener)
    _set_address(state.address[0], statement.id if statement else "")


def _welcome(library: Library, *, chosen: bool) -> None:
    if st.session_state.unknown:
        st.warning("That link names a statement that the article does not have. You can ask about it below.")
    if chosen:
        return
    titles = " · ".join(article.title for article in library.articles)
    st.text(f"Ask about {titles}, and get whole sentences of the article, each with the one who said it.")
    examples = [question for article in library.articles for question in article.examples]
    for number, question in enumerate(examples[:_EXAMPLES]):
        st.button(to_the_letter(question), key=f"example-{number}", on_click=ask, args=(question,))


def _offer_to_start_over() -> None:
    """Draw the button, and once it is pressed ask whether that was meant: it sits close to others, and all is lost."""
    if not st.session_state.ending:
        icon = ":material/restart_alt:"
        st.button("Start over", key="start_over", on_click=_ask_whether, args=(True,), type="tertiary", icon=icon)
        return
    st.text("Forget all that was asked and answered here?")
    with st.container(horizontal=True):
        st.button("Forget it", key="forget", on_click=_start_over, type="primary")
        st.button("Keep it", key="keep", on_click=_ask_whether, args=(False,))


def _ask_whether(ending: bool) -> None:
    st.session_state.ending = ending
    focus_on("forget" if ending else "start_over")


def _start_over() -> None:
    """Forget the conversation: it was nowhere but in this session and in its browser's tab."""
    state = st.session_state
    state.turns, state.statement, state.ending = [], None, False
    state.said += 1  # said anew: nothing
    reading.close()
    forget_vote()
    _set_address("", "")


def _model_note() -> None:
    if model := load_settings().model:
        st.caption(to_the_letter(answer_wording().say("model.on", model=model)))


def _log_note() -> None:
    """Say above the box, wherever the page is scrolled to, that what is typed into it is kept."""
    if load_settings().question_log:
        with st.bottom:
            st.html(f'<p class="ws-where ws-kept">{escape(answer_wording().say("log.on"))}</p>')


def _say_if_broken() -> None:
    try:
        _ = WARM.assistant
    except WhoSaidError as error:
        st.error(to_the_letter(str(error)))


def _loading_note() -> None:
    if WARM.ready:
        st.rerun()
    st.caption("The language model is loading. You can type your question now.")


def _draw(number: int) -> None:
    """Draw a turn; the one that waits is answered in its place."""
    state = st.session_state
    with st.chat_message("user"):
        st.text(state.turns[number].question)
    with st.chat_message("assistant"):
        step = st.empty()
        if state.turns[number].waits:
            answer_turn(number, step)
            answered = state.turns[number]
            if not answered.answer or shareable([Asked(answered.question, answered.answer)]):
                _set_address(answered.asked, state.address[1])  # not of a crisis: an address is kept, and passed on
        turn: Turn = state.turns[number]
        if turn.answer is None:
            st.error(to_the_letter(turn.error))
            return
        answer = turn.answer
        addresses = {article.url for article in shell.library().articles}
        start = (
            f'<div class="ws-start" id="ws-answer-{number}">{notices(answer.notices)}</div>{lead(answer, addresses)}'
        )
        if answer.read_as != clean(turn.question):
            st.html(start)
            reading.reading(number, answer, turn.question, correct)
            start = ""
        if below := start + quoted(number, answer, [*turn.leans_on, turn.asked]):  # after a notice there may be nothing
            st.html(below)
        vote(number, turn.question, answer)
        if answer.follow_ups and number == len(state.turns) - 1:
            st.html(next_questions(number, answer.follow_ups))


def _show(named: str, button: str) -> None:
    """Open the statement that a card's button carries."""
    if statement := shell.library().statement(named):
        _open(statement, button)


def _ask_offered(question: str, _button: str) -> None:
    """Ask what the last answer offers."""
    answer = st.session_state.turns[-1].answer if st.session_state.turns else None
    if answer and question in answer.follow_ups:
        ask(question)


def _live(slot: DeltaGenerator) -> None:
    state = st.session_state
    last = state.turns[state.answered] if state.turns else None
    if last is None:
        announcement = ""
    elif last.answer is None:
        announcement = last.error
    else:
        count = len(last.answer.statements)
        said = [*(notice.text for notice in last.answer.notices), last.answer.lead]
        announcement = " ".join([*said, f"{count} statements."] if count else said)
    live(
        slot,
        Said(state.said, announcement, f"ws-answer-{state.answered}" if last else ""),
        Moved(state.moved, state.target),
        Kept(kept(), restore, may_return=not load_settings().model),  # a model would be asked all of it again
    )
