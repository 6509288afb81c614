"""PURE: a text → tokens that compare as a careful reader would, each with the place that it stands at.

Typography does not count: case, curly quotes, dashes, white space, soft hyphens, ligatures, look-alike letters of
other scripts, "[sic]". Numbers compare as quantities: "1.5 mgs", "1500 mcg" and "1.5 milligrams" are one token, and so
are "2/3rds" and "two thirds"; "1.5" and "15" are two. A contraction is what it stands for: "can't" is "can not".
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

_REMEMBERED_CHARS = 1000
GAP = "…"  # the form of a token that marks left-out words


@dataclass(frozen=True, slots=True)
class Token:
    """One word, quantity or gap: `form` is what is compared, `[start, end)` its place in the text.

    `inserted` is true inside square brackets, where a quoter puts words of their own.
    """

    form: str
    start: int
    end: int
    inserted: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it is a quantity."""
        return self.form.startswith("#")

    @property
    def share(self) -> float:
        """What part of a whole it is, in (0, 1), for "two thirds" and "30%"; 0 for all others."""
        value = Fraction(self.form[1:]) if self.is_number and not self.unit else Fraction(0)
        return float(value) if 0 < value < 1 else 0.0

    @property
    def unit(self) -> str:
        """What a quantity is counted in: "mg", "h", "month"; "" for bare numbers and words."""
        return self.form.lstrip("#0123456789/") if self.is_number else ""


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a text in order."""
    return list(_remembered(text) if len(text) <= _REMEMBERED_CHARS else _tokens(text))


@lru_cache(maxsize=1024)
def _remembered(text: str) -> list[Token]:
    """Claims are cut up and compared many times over."""
    return _tokens(text)


def _tokens(text: str) -> list[Token]:
    plain, places = _plain(text)
    pieces = _ranges(plain, _so_many_in(_spelled_numbers(plain, _pieces(plain))))
    return [
        Token(_form(piece), places[piece.start], places[piece.end - 1] + 1, piece.inserted)
        for piece in pieces
        if piece.form or piece.value is not None
    ]


_LOOKALIKES = dict(zip("авекмнорстухіјѕһԁɡոսɑοαρνιкτυχѵԛԝ", "abekmhopctyxijshdgnuaoapviktuxvqw", strict=True))
_APOSTROPHES = "’‘ʼ‛´`′＇"


def _plain(text: str) -> tuple[str, list[int]]:
    """Return a text without typography, and for each of its characters the place that it comes from."""
    plain: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        found = _plain_char(char)
        plain.append(found)
        places.extend([place] * len(found))
    return "".join(plain), places


@lru_cache(maxsize=4096)
def _plain_char(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cf":
        return ""  # soft hyphens, zero-width and direction marks
    if category[0] in "ZC":
        return " "
    if category == "Pd" or char == "−":
        return "-"
    if char in _APOSTROPHES:
        return "'"
    folded = "".join(c for c in unicodedata.normalize("NFKD", char).casefold() if not unicodedata.combining(c))
    if "⁄" in folded:
        folded = f" {folded.replace('⁄', '/')}"  # a vulgar fraction
    return "".join(_LOOKALIKES.get(c, c) for c in folded)


@dataclass(slots=True)
class _Piece:
    """A token in the making: places are in the plain text; a quantity has a value and a unit instead of a form."""

    form: str
    start: int
    end: int
    inserted: bool
    value: Fraction | None = None
    unit: str = ""


# Every unit of a kind is counted in one of them, so that quantities compare
_MG, _HOUR, _MONTH, _SHARE = "mg", "h", "month", ""
_PERCENT = Fraction(1, 100)
_UNITS = {
    **dict.fromkeys(("mg", "mgs", "milligram", "milligrams"), (_MG, Fraction(1))),
    **dict.fromkeys(("mcg", "mcgs", "microgram", "micrograms", "μg", "ug"), (_MG, Fraction(1, 1000))),
    **dict.fromkeys(("gram", "grams"), (_MG, Fraction(1000))),
    **dict.fromkeys(("%", "percent", "per cent"), (_SHARE, _PERCENT)),
    **dict.fromkeys(("minute", "minutes", "min", "mins"), (_HOUR, Fraction(1, 60))),
    **dict.fromkeys(("hour", "hours", "hr", "hrs"), (_HOUR, Fraction(1))),
    **dict.fromkeys(("day", "days"), (_HOUR, Fraction(24))),
    **dict.fromkeys(("week", "weeks", "wk", "wks"), (_HOUR, Fraction(168))),
    **dict.fromkeys(("month", "months"), (_MONTH, Fraction(1))),
    **dict.fromkeys(("year", "years", "yr", "yrs"), (_MONTH, Fraction(12))),
}
_UNIT = "|".join(re.escape(unit).replace(r"\ ", " +") for unit in sorted(_UNITS, key=len, reverse=True))
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d*\.\d+|\d+ +\d/\d+|\d+/\d+|\d+)"
_PIECE = re.compile(
    rf"(?P<sic>[\[(] ?sic!? ?[\])])"
    rf"|(?P<gap>[\[(]? ?\.(?: ?\.){{2,}} ?[\])]?)"
    rf"|(?P<recased>\[[^\W\d_]\][^\W\d_]+(?:'[^\W_]+)*)"  # "[t]he"
    rf"|(?P<open>\[(?=[^\[\]]{{0,200}}\]))|(?P<close>\])"
    rf"|(?<![^\W_])(?P<number>{_NUMBER})(?P<ordinal>(?:st|nd|rd|th)(?:'?s)?)?"
    rf"(?:(?:[ -]{{0,3}}(?P<unit>{_UNIT}))(?![^\W_])|(?![^\W_]))"
    rf"|(?P<word>[^\W_]+(?:'[^\W_]+)*|%)"
)


def _pieces(plain: str) -> list[_Piece]:
    found: list[_Piece] = []
    is_inside = False
    for match in _PIECE.finditer(plain):
        start, end = match.span()
        if match["sic"]:
            continue
        if match["open"] or match["close"]:
            is_inside = match["open"] is not None
        elif match["gap"]:
            found.append(_Piece(GAP, start, end, inserted=False))
        elif match["recased"]:
            word = re.sub(r"[\[\]]", "", match["recased"])
            found += [_Piece(form, start, end, is_inside) for form in _word_forms(word)]
        elif match["number"]:
            value, unit = _value(match["number"]), " ".join((match["unit"] or "").split())
            found.append(_measured(_Piece("", start, end, is_inside, value), unit))
        else:
            found += [_Piece(form, start, end, is_inside) for form in _word_forms(match["word"])]
    return found


def _value(number: str) -> Fraction:
    whole, _, share = number.replace(",", "").rpartition(" ")
    above, _, below = share.partition("/")
    return Fraction(whole or 0) + Fraction(above) / (int(below or 1) or 1)


def _measured(piece: _Piece, unit: str) -> _Piece:
    """Return a quantity counted in its unit's base."""
    assert piece.value is not None
    base, factor = _UNITS.get(unit, ("", Fraction(1)))
    if factor == _PERCENT and piece.value * factor >= 1:
        base, factor = "%", Fraction(1)  # "400 %" is no "four"
    return _Piece("", piece.start, piece.end, piece.inserted, piece.value * factor, base)


_NOT_FORMS = {"won't": "will", "shan't": "shall", "can't": "can", "cannot": "can", "cant": "can", "wont": "will"} | {
    f"{verb}nt": verb for verb in "do does did is are was were would should could has have had".split()
}


def _word_forms(word: str) -> tuple[str, ...]:
    if word in _NOT_FORMS:
        return _NOT_FORMS[word], "not"
    if word.endswith("n't"):
        return word[:-3], "not"
    stem, apostrophe, ending = word.partition("'")
    return (stem, f"'{ending}") if apostrophe else (word,)


_ONES = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * (ten + 2) for ten, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())
}
_SCALES = {"hundred": 100, "thousand": 1000}
_MOST_IN = 100  # of "one in …"
_PARTS = {"third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5}


def _spelled_numbers(plain: str, pieces: Sequence[_Piece]) -> list[_Piece]:
    """Turn "twenty-one", "two thirds", "half" and "six hours" into quantities."""
    found: list[_Piece] = []
    for piece in pieces:
        last = found[-1] if found else None
        between = plain[last.end : piece.start] if last else ""
        joins = last is not None and last.value is not None and not last.unit and between.strip(" -") == ""
        if joins and last is not None and last.value is not None:
            if piece.form in _PARTS and 0 < last.value < _PARTS[piece.form]:
                last.value, last.end = last.value / _PARTS[piece.form], piece.end
                continue
            if piece.form in _SCALES and last.value >= 1:
                last.value, last.end = last.value * _SCALES[piece.form], piece.end
                continue
            if piece.form in _ONES and last.value in _TENS.values() and plain[last.start].isalpha():
                last.value, last.end = last.value + _ONES[piece.form], piece.end
                continue
            if piece.form in _UNITS and plain[last.start].isalpha():
                found[-1] = _measured(_Piece("", last.start, piece.end, last.inserted, last.value), piece.form)
                continue
        halved = found[-2] if len(found) > 1 and found[-1].form in ("a", "an") else None
        if piece.form in _UNITS and halved is not None and halved.value == Fraction(1, 2) and not halved.unit:
            found[-2:] = [_measured(_Piece("", halved.start, piece.end, halved.inserted, halved.value), piece.form)]
            continue  # "half a milligram"
        is_part = piece.form in ("third", "quarter") and re.match(r" of\b", plain[piece.end :])
        if is_part and last is not None and last.form == "a" and between == " ":  # not "a third time"
            last.value, last.form, last.end = Fraction(1, _PARTS[piece.form]), "", piece.end
            continue
        if piece.form == "half":
            piece.value, piece.form = Fraction(1, 2), ""
        elif piece.form in _ONES or piece.form in _TENS:
            piece.value, piece.form = Fraction(_ONES.get(piece.form, _TENS.get(piece.form, 0))), ""
        found.append(piece)
    return found


def _so_many_in(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Turn "one in three", "two out of three" and "1 in every 5" into a share; "one in three hours" is none."""
    found: list[_Piece] = []
    for piece in pieces:
        found.append(piece)
        for between in (["in"], ["out", "of"], ["in", "every"]):
            at = len(found) - len(between) - 2
            if at < 0 or [word.form for word in found[at + 1 : -1]] != between:
                continue
            some, all_ = found[at].value, piece.value
            if some and all_ and 0 < some < all_ <= _MOST_IN and not found[at].unit and not piece.unit:
                found[at:] = [_Piece("", found[at].start, piece.end, piece.inserted, some / all_)]
                break
    return found


def _ranges(plain: str, pieces: Sequence[_Piece]) -> list[_Piece]:
    """Read "30-40%" as "30% to 40%": the dash becomes a word, the unit holds for both."""
    found: list[_Piece] = []
    for piece in pieces:
        if piece.value is not None and found:
            low, dash = found[-1], plain[found[-1].end : piece.start]
            if low.value is not None and dash.strip() == "-":
                found.append(_Piece("to", low.end, piece.start, piece.inserted))
            elif low.form in ("to", "or") and len(found) > 1:
                low = found[-2]
            unit = re.search(rf"(?:{_UNIT})$", plain[piece.start : piece.end])
            if unit and low.value is not None and not re.search(rf"(?:{_UNIT})$", plain[low.start : low.end]):
                found[found.index(low)] = _measured(low, " ".join(unit.group().split()))
        found.append(piece)
    return found


def _form(piece: _Piece) -> str:
    return piece.form if piece.value is None else f"#{piece.value}{piece.unit}"
