"""Escaped text, read by a real Markdown parser."""

import html

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from whosaid.markdown import escape

LINE = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1).map(
    lambda text: " ".join(text.split())
)


@settings(deadline=None)
@given(LINE.filter(bool))
def test_any_line_is_one_paragraph_that_shows_it_to_the_letter(line: str) -> None:
    rendered = MarkdownIt("commonmark").render(escape(line))
    assert rendered.startswith("<p>")
    assert html.unescape(rendered.removeprefix("<p>").removesuffix("</p>\n")) == line


def test_what_starts_a_block_starts_none() -> None:
    for line in ("- a", "+ a", "* a", "1. a", "12) a", "# a", "> a", "===", "---", "    a", "```", "&amp; $x$"):
        tokens = MarkdownIt("commonmark").parse(escape(f"x\n{line}"))
        assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"], line
