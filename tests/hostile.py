"""What somebody hostile writes, by kind, and a small article that is full of it."""

import hashlib
import json
from pathlib import Path

from ingest.split import split
from whosaid.library import statement_id

ELSEWHERE = "evil.example"
PAYLOADS = {
    "script": "<script>window.ran = 1; alert(1)</script>",
    "image": "<img src=x onerror='window.ran = 1; alert(1)'>",
    "foreign image": f"<img src=https://{ELSEWHERE}/image.png>",
    "svg": f"<svg onload=window.ran=1><image href=https://{ELSEWHERE}/image.svg /></svg>",
    "frame": "<iframe src='javascript:parent.ran=1'></iframe>",
    "style": f"<style>@import url(https://{ELSEWHERE}/style.css);</style>",
    "form": f"<form action=https://{ELSEWHERE}/form><button>send</button></form>",
    "link": '<a href="javascript:window.ran=1">anchor</a>',
    "breaking out": "\"'></p></blockquote></mark></textarea></pre>--><b onmouseover=window.ran=1>bold</b>",
    "markdown image": f"![picture](https://{ELSEWHERE}/picture.png)",
    "markdown link": "[click](javascript:window.ran=1) [data](data:text/html,<script>window.ran=1</script>)",
    "autolink": f"<https://{ELSEWHERE}/auto> https://{ELSEWHERE}/bare www.{ELSEWHERE} someone@{ELSEWHERE}",
    "markdown": "**bold** _slanted_ ~~gone~~ `code` # head 1 | 2 -> 3 <- 4 -- 5 >= 6",
    "latex": r"$\frac{1}{2}$ $$\href{javascript:window.ran=1}{x}$$",
    "shortcode": ":smile: :fire: :streamlit:",
    "directive": ":red[red] :blue-background[blue] :small[small] :material/home: :orange-badge[badge]",
    "entities": "&lt;b&gt;bold&lt;/b&gt; &#60;i&#62; &amp;amp;",
    "bidi": "\u202edetrever\u202c \u2066apart\u2069",
}
EVERYTHING = " ".join(PAYLOADS.values())
SECTION = "Walking <b onclick=alert(1)> :red[section] :fire: $x$ **b**"

_TEXT = f"""\
Dr. Ada Boll treats back pain in Ghent.

{SECTION}

Boll says that ten minutes of walking {EVERYTHING} help most of her patients. She never prescribes bed rest.

Sleep {PAYLOADS["latex"]} :fire:

Jan Moor walks {PAYLOADS["svg"]} an hour.
"""
_PERSON = f"Ada Boll {PAYLOADS['breaking out']} :red[person]"
_COVERED = "How many minutes of walking help her patients on day"
_OTHER = "What does a visit to her practice cost in month"


def write_hostile_corpus(folder: Path) -> Path:
    """Write a corpus of one article, hostile in its folder's name, title, people, sections, text, bank and topics."""
    article = folder / 'b"><img src=x onerror=window.ran=1>$x$'
    article.mkdir(parents=True)
    (article / "article.txt").write_text(_TEXT, encoding="utf-8")
    values = {
        "title": f"Walking {EVERYTHING}",
        "site": f"Back Pages {PAYLOADS['link']} :fire:",
        "author": PAYLOADS["script"],
        "published": PAYLOADS["markdown link"],
        "rights": PAYLOADS["form"],
        "main_speaker": _PERSON,
        "sha256": hashlib.sha256(_TEXT.encode()).hexdigest(),
    }
    person = {"name": _PERSON, "label": f"Dr. Boll {EVERYTHING}", "role": EVERYTHING}
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    lines += ["[[people]]", *(f"{name} = {json.dumps(value)}" for name, value in person.items())]
    (article / "article.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    units = split(_TEXT)
    ids = [statement_id(article.name, _TEXT[unit.start : unit.end]) for unit in units]
    rows: list[dict[str, object]] = [
        {
            "id": id_, "start": unit.start, "end": unit.end, "text": _TEXT[unit.start : unit.end],
            "section": unit.section, "speaker": _PERSON, "mode": "reported", "cue": None, "quoted": [],
            "channel": PAYLOADS["markdown"], "when": PAYLOADS["directive"], "source": PAYLOADS["foreign image"],
            "needs": [], "reviewed_by": "",
        }
        for unit, id_ in zip(units, ids, strict=True)
    ]  # fmt: skip
    _write(article / "statements.jsonl", rows)
    walking = next(id_ for unit, id_ in zip(units, ids, strict=True) if "ten minutes" in _TEXT[unit.start : unit.end])
    bank: list[dict[str, object]] = [
        {"question": f"{EVERYTHING} {number}", "statements": [id_]} for number, id_ in enumerate(ids) if id_ != walking
    ]
    bank += [{"question": f"{_COVERED} {day}?", "statements": [walking]} for day in range(120)]
    bank += [{"question": f"{_OTHER} {month}?", "topic": "prices"} for month in range(120)]
    _write(article / "questions.jsonl", bank)
    topic = {"name": "prices", "says": f"prices {EVERYTHING}", "ask": "publisher"}
    topics = ["[[topic]]", *(f"{name} = {json.dumps(value)}" for name, value in topic.items())]
    (article / "topics.toml").write_text("\n".join(topics) + "\n", encoding="utf-8")
    return folder


def _write(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
