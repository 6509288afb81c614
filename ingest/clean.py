"""Source text as saved from a web page → the canonical text that offsets index.

Cleaning only drops lines: what stays is unchanged to the character, so every line of the canonical
text stands in the source, in order. It knows the furniture of blog pages (fund drives, counters,
sign-up and share boxes, related posts, image captions), not any one article.
"""

import re
from collections.abc import Iterator

BULLET = re.compile(r"^\s*[•●▪*]\s+")
TERMINAL = re.compile(r"[.!?:;…”\"')\]]\s*$")
_SMALL_WORDS = {
    "a",
    "an",
    "and",
    "as",
    "at",
    "but",
    "by",
    "for",
    "from",
    "in",
    "is",
    "of",
    "on",
    "or",
    "the",
    "to",
    "vs",
    "with",
}

_COUNTER = re.compile(r"^[\s+\-–%$€£\d.,]+$")
_FURNITURE = re.compile(
    r"""(?ix)
      \bdonate\b | \bdonations\b | \bdonation[ ]drive\b
    | \bfund(?:\s?rais(?:er|ing))?[ ]drive\b | \bfundraising\b | \bpaypal\b
    | ^thank[ ]you[ ]for[ ]signing[ ]up | ^(?:no[ ]spam|unsubscribe)\b | ^enter[ ]your[ ]email
    | ^stay[ ]up[ ]to[ ]date\b | ^(?:get|subscribe)\b.{0,60}\b(?:free|newsletter|inbox|email|rss)\b
    | ^pin[ ]it\b | ^share[ ]this$ | ^share(?:\s+(?:tweet|pin|email))+ | \bresource[ ]center$
    | ^related(?:[ ]posts?)?(?::|$) | ^click[ ]here\b
    """
)
_RELATED = re.compile(r"(?i)^\s*[•●▪*]?\s*(?:check out|read|see)\b.{0,80}\b(?:blogs?|posts?|articles?)\b.{0,20}:\s*$")
_GLUE_MIN_WORDS = 3


def canonical(source: str) -> str:
    """Return the canonical text of `source`: its content lines, blocks parted by one blank line."""
    kept: list[str] = []
    for line in _content_lines(source.splitlines()):
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip("\n") + "\n"


def is_title(line: str) -> bool:
    """Whether a line is set in title case: every word but the small ones starts with a capital or digit."""
    words = [word for word in re.findall(r"[^\W_][\w’'.-]*", line) if word.lower() not in _SMALL_WORDS]
    return bool(words) and all(not word[0].islower() for word in words)


def _content_lines(lines: list[str]) -> Iterator[str]:
    skip_next_block = False
    for number, line in enumerate(lines):
        if not line.strip():
            yield ""
        elif skip_next_block:
            skip_next_block = False
        elif _RELATED.match(line):
            skip_next_block = True  # the line under it is the title of another post
        elif not _is_noise(line, _next_block(lines, number)):
            yield line


def _is_noise(line: str, following: str) -> bool:
    return bool(_COUNTER.match(line) or _FURNITURE.search(line)) or _is_caption(line) or _is_glued(line, following)


def _is_caption(line: str) -> bool:
    """An image's file name or alternative text: a few words, neither a sentence nor a title."""
    return len(line.split()) <= 4 and not TERMINAL.search(line) and not BULLET.match(line) and not is_title(line)


def _is_glued(line: str, following: str) -> bool:
    """A caption run together with a stray copy of the next block's first words."""
    words = line.split()
    for start in range(1, len(words) - _GLUE_MIN_WORDS + 2):
        tail = " ".join(words[start:])
        glued = words[start - 1]
        for cut in range(len(glued)):
            candidate = f"{glued[cut:]} {tail}".strip()
            if cut and len(candidate.split()) >= _GLUE_MIN_WORDS and following.startswith(candidate):
                return True
    return False


def _next_block(lines: list[str], number: int) -> str:
    return next((line.strip() for line in lines[number + 1 :] if line.strip()), "")
