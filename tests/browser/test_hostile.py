"""Text is never markup: whatever a question, a post, an article or a model's reply holds is shown and does nothing.

Each visitor notes all requests, dialogs, errors and breaches of the page's policy, and is held to them at the end.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import openai_server
from tests.browser.conftest import DESK, Serve, Server, Visit, Visitor
from tests.hostile import ELSEWHERE, EVERYTHING, PAYLOADS, write_hostile_corpus
from tests.openai_server import Script, says
from whosaid.library import load_library
from whosaid.settings import ROOT

_MADE_OF_IT = f"""() => [...document.querySelectorAll('body *')].filter(element =>
  element.matches('.katex, .stApp :is(iframe, object, embed, form[action], base, meta, link)')
  || [...element.attributes].some(({{ name, value }}) => name.startsWith('on')
    || (['href', 'src', 'srcset', 'action', 'style', 'xlink:href', 'poster', 'data'].includes(name)
        && /{ELSEWHERE}|javascript:|data:text|mailto:/i.test(value))))
  .map(element => element.outerHTML.slice(0, 200))"""
_KEY = "sk-4711-a-secret-key"
_CHECKED_TIMEOUT_MS = 60_000
_HEARD_MS = 1000  # a press has reached the server and the page is drawn again
_ASKED = "How many minutes of walking help her patients on day 3?"


def assert_inert(page: Page) -> None:
    """Nothing ran and nothing on the page is made of what somebody wrote."""
    assert page.evaluate("window.ran") is None
    assert page.evaluate(_MADE_OF_IT) == []


def shows(locator: Locator, *texts: str) -> None:
    """An element's text holds these, to the letter but for white space and the joiners that keep Streamlit off."""
    seen = " ".join((locator.text_content() or "").replace("\u2060", "").split())
    for text in texts:
        assert " ".join(text.split()) in seen


@pytest.fixture
def reader(visit: Visit, warm_server: Server) -> Visitor:
    return visit(warm_server, DESK)


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_question_in_a_link_is_text(reader: Visitor, name: str) -> None:
    question = f"How long until LDN helps? {PAYLOADS[name]}"
    reader.go(f"/?q={quote(question)}")
    reader.leads.first.wait_for()
    shows(reader.page.get_by_test_id("stChatMessage").first, question)
    assert_inert(reader.page)


def test_a_conversation_is_text_in_each_of_its_turns(reader: Visitor) -> None:
    reader.go()
    reader.ask("How long until LDN helps?")
    for question in (f"and with gabapentin? {EVERYTHING}", f"what about opioids {EVERYTHING}"):
        reader.ask(question)
        shows(reader.page.get_by_test_id("stChatMessage").nth(-2), question)
        assert_inert(reader.page)
    read_as = reader.page.locator(".ws-where", has_text="Read as:")
    if read_as.count():
        shows(read_as.last, PAYLOADS["image"])


_FORGED = """sent => {
  const button = Object.assign(document.createElement('button'), { id: 'forged' });
  [button.dataset.wsPress, button.dataset.wsWith] = sent;
  document.body.append(button);
  button.click();
  button.remove();
}"""


@pytest.mark.parametrize(
    "sent",
    [
        ("next", "What is the capital of France?"),
        ("show", "liptan-ldn:nowhere"),
        ("vote", "9999999999 HELPED"),
        ("vote", "7 HELPED"),
        ("vote", "0 __class__"),
        ("__import__", "os"),
    ],
)
def test_a_button_that_the_page_never_made_does_nothing(reader: Visitor, warm_server: Server, sent: list[str]) -> None:
    reader.go()
    reader.ask("How long until LDN helps?")
    conversation = reader.page.get_by_test_id("stChatMessage")
    before = conversation.all_inner_texts()
    reader.page.evaluate(_FORGED, sent)
    reader.page.wait_for_timeout(_HEARD_MS)
    reader.settle()
    assert conversation.all_inner_texts() == before
    expect(reader.pane).to_have_count(0)
    reader.ask("Can I drink alcohol on LDN?")
    expect(reader.leads).to_have_count(2)
    expect(reader.page.locator(".stForm")).to_have_count(0)
    assert "Traceback" not in warm_server.log.read_text(encoding="utf-8")


def test_a_button_that_the_page_made_is_heard_in_that_time(reader: Visitor) -> None:
    reader.go()
    reader.ask("How long until LDN helps?")
    reader.page.evaluate(_FORGED, ("vote", "0 HELPED"))
    reader.page.wait_for_timeout(_HEARD_MS)
    reader.settle()
    assert reader.page.locator(".stForm").count() == 1


def test_a_statement_in_a_link_is_text(reader: Visitor) -> None:
    reader.go(f"/?s={quote(EVERYTHING)}&q={quote(EVERYTHING)}&{quote(EVERYTHING)}={quote(EVERYTHING)}")
    expect(reader.page.get_by_text("That link names a statement that the article does not have.")).to_be_visible()
    assert_inert(reader.page)


def test_a_post_its_speaker_and_the_reply_are_text(reader: Visitor) -> None:
    reader.go("/check")
    page = reader.page
    post = f"Dr. Liptan says “side effects are minimal {EVERYTHING} when the dosage is increased quickly”. {EVERYTHING}"
    page.get_by_label("Quote or post").fill(post)
    page.get_by_label("Who is said to have said it?").fill(f"Dr. Liptan {PAYLOADS['image']} {PAYLOADS['directive']}")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator("#ws-verdicts")).to_be_visible(timeout=_CHECKED_TIMEOUT_MS)
    shows(page.locator(".stMain"), PAYLOADS["image"], PAYLOADS["shortcode"], PAYLOADS["latex"])
    shows(page.get_by_test_id("stCode").first, "side effects are minimal <script>")
    page.get_by_role("tab", name="Markdown").click()
    assert_inert(page)


def test_what_was_typed_is_in_no_log(reader: Visitor, warm_server: Server) -> None:
    reader.go(f"/?q={quote(EVERYTHING)}")
    reader.leads.first.wait_for()
    assert ELSEWHERE not in warm_server.log.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def hostile_world(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An article by somebody hostile, with its index."""
    folder = tmp_path_factory.mktemp("hostile")
    world = {
        "WHOSAID_CORPUS_DIR": str(write_hostile_corpus(folder / "corpus")),
        "WHOSAID_INDEX_DIR": str(folder / "index"),
    }
    subprocess.run([sys.executable, "-m", "ingest"], cwd=ROOT, env=os.environ | world, check=True, capture_output=True)
    return world


@pytest.fixture(scope="module")
def script() -> Iterator[Script]:
    with openai_server.running() as running:
        yield running


def test_an_article_is_text_wherever_it_is_shown(
    hostile_world: dict[str, str], serve: Serve, visit: Visit, overflowing: Callable[[Page], list[str]]
) -> None:
    visitor = visit(serve(**hostile_world), DESK)
    visitor.go()
    page = visitor.page
    shows(page.locator(".stMain"), f"Walking {EVERYTHING}")
    visitor.ask(_ASKED)
    shows(visitor.cards.first, EVERYTHING, PAYLOADS["directive"], PAYLOADS["foreign image"])
    offered = page.locator(".ws-offered button", has_text="window.ran")
    shows(offered.first, EVERYTHING)
    assert_inert(page)
    page.locator("summary", has_text="Why this?").first.click()
    assert_inert(page)
    page.keyboard.press("Escape")
    visitor.show(0)
    shows(visitor.pane, EVERYTHING, PAYLOADS["form"], PAYLOADS["script"])
    assert_inert(page)
    visitor.go("/")
    visitor.ask("What does a visit to her practice cost in winter?")
    shows(visitor.leads.last, f"prices {EVERYTHING}")
    visitor.ask("Give me the whole article")
    shows(visitor.leads.last, PAYLOADS["link"])
    assert_inert(page)
    visitor.go("/check")
    page.get_by_label("Quote or post").fill(
        f"Boll says that twelve minutes of walking {EVERYTHING} help most patients."
    )
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator("#ws-verdicts")).to_be_visible(timeout=_CHECKED_TIMEOUT_MS)
    shows(page.locator(".stMain"), EVERYTHING)
    assert_inert(page)
    assert overflowing(page) == []


def test_a_chat_models_reply_is_text(hostile_world: dict[str, str], serve: Serve, visit: Visit, script: Script) -> None:
    library = load_library(Path(hostile_world["WHOSAID_CORPUS_DIR"]))
    statement = next(s for s in library.statements if "ten minutes" in s.text)
    said = "Dr. Boll says that ten minutes of walking help most of her patients"
    shown = ["script", "svg", "autolink", "latex", "directive"]
    rows = [{"text": f"{said} {PAYLOADS[name]}", "ids": [statement.id]} for name in (*shown, "link")]
    script(says({"sentences": rows}))
    model = {"WHOSAID_MODEL": "openai::red[x] <b>b</b>", "WHOSAID_MODEL_URL": script.url, "WHOSAID_MODEL_KEY": _KEY}
    server = serve(**hostile_world, **model)
    visitor = visit(server, DESK)
    visitor.go()
    shows(visitor.page.locator(".stMain"), ":red[x] <b>b</b>")
    visitor.ask(_ASKED)
    assert script.asked
    prose = visitor.page.locator(".ws-prose")
    shows(prose, *(PAYLOADS[name] for name in shown))
    assert "anchor" not in prose.inner_text()  # it has quotation marks, and no model writes a quotation
    assert_inert(visitor.page)
    assert _KEY not in visitor.page.content()
    assert _KEY not in server.log.read_text(encoding="utf-8")


def test_an_error_about_a_hostile_corpus_is_text(
    hostile_world: dict[str, str], serve: Serve, visit: Visit, tmp_path: Path
) -> None:
    name = f":red[x] $y$ :fire: **b** <img src=x onerror=window.ran=1> ![p](x) www.{ELSEWHERE}"
    broken = write_hostile_corpus(tmp_path / name)
    next(broken.glob("*/article.txt")).write_text("changed", encoding="utf-8")
    visitor = visit(serve(**hostile_world | {"WHOSAID_CORPUS_DIR": str(broken)}), DESK)
    visitor.page.goto(f"http://{visitor.host}/")
    alert = visitor.page.get_by_test_id("stAlert").first
    alert.wait_for()
    shows(alert, name, "has sha256")
    assert_inert(visitor.page)
