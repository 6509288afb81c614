"""What can go wrong, in words for the person who can mend it.

Every message names the value that was wrong and what to do about it. Only the edges (command line,
pages) catch these; nothing inside catches one to go on as if nothing had happened.
"""


class WhoSaidError(Exception):
    """Any error that WhoSaid explains itself: shown as it is, without a stack trace."""


class SettingsError(WhoSaidError):
    """A setting has a value that cannot be used."""


class CorpusError(WhoSaidError):
    """A file under corpus/ is missing, broken, or does not fit the others."""


class ModelError(WhoSaidError):
    """The embedding model cannot be loaded or is not the one that was asked for."""


class IndexUnusableError(WhoSaidError):
    """The index is missing, stale, broken or in use: `python -m ingest` is the remedy unless said otherwise."""


class QuestionError(WhoSaidError):
    """The question cannot be read at all (empty, far too long)."""


class FeedbackError(WhoSaidError):
    """Feedback cannot be kept or read: the file is at fault, never an answer."""
