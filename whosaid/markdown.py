"""Text → Markdown that shows it to the letter."""

import re

_MARKUP = r"\`*_{}[]<>()#+!|~&$"
# At the start of a line, a rule, a list, a heading's underline or a numbered list
_LINE_START = re.compile(r"(?m)^([ \t]*)(?:([-=])|(\d+)([.)]))")


def escape(text: str) -> str:
    """Return text with a backslash before all that Markdown would take for markup."""
    escaped = "".join(f"\\{char}" if char in _MARKUP else char for char in text)
    return _LINE_START.sub(lambda at: f"{at[1]}\\{at[2]}" if at[2] else f"{at[1]}{at[3]}\\{at[4]}", escaped)
