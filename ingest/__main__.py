"""`python -m ingest`: build the index from corpus/."""

import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ingest.build import build
from whosaid.errors import WhoSaidError
from whosaid.settings import load_settings
from whosaid.terminal import Parser, shown


def main(argv: Sequence[str] | None = None) -> int:
    """Build what is not up to date. Returns 0 done, 1 a clear error on stderr."""
    parser = Parser(prog="python -m ingest", description="Build the index from corpus/.")
    parser.add_argument("--corpus", type=Path, metavar="DIR", help="read this corpus instead of corpus/")
    arguments = parser.parse_args(argv)
    started = time.monotonic()
    try:
        settings = load_settings()
        if arguments.corpus:
            settings = replace(settings, corpus_dir=arguments.corpus)
        built = build(settings)
    except WhoSaidError as error:
        print(shown(f"ingest: {error}"), file=sys.stderr)
        return 1
    counts = ", ".join(f"{count:,} {what}" for what, count in built.counts.items())
    if built.reason:
        print(shown(f"index built in {time.monotonic() - started:.0f} s ({built.reason}): {counts}"))
    else:
        print(f"index is up to date: {counts}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
