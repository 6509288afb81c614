"""Load over websockets: users who ask, each in a browser session of their own, against a server on two cores.

`python -m tests.faults.load` serves the app, warms it up and prints one JSON object: what answers and redrawn pages
took, what went wrong, and how the server's memory grew over many sessions. The visitors are in this process, the server
in another, so that neither's work counts as the other's; with fewer than four cores they still share them, and
`load_before` (the machine's, per core) says what else ran.
"""

import argparse
import asyncio
import itertools
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tests.browser.conftest import Server, serving
from tests.faults.visitors import Visitor, visiting
from whosaid.settings import ROOT

QUESTIONS = (
    "How long until LDN helps?",
    "What dose of LDN does Dr. Liptan start with?",
    "Can I take LDN with gabapentin?",
    "Can I take LDN with opioid painkillers?",
    "What are the side effects?",
    "Does it help with sleep?",
    "Can I drink alcohol on it?",
    "Who should not take it?",
)
_QUESTIONS_A_SESSION = 6
_ANSWERS_A_RERUN = 5
_CORES = 2
_MIB = 2**20


class Tally:
    """What was measured: seconds of answers and of redrawn pages, and the words of errors."""

    def __init__(self) -> None:
        self.answers_s: list[float] = []
        self.reruns_s: list[float] = []
        self.errors: list[str] = []
        self.sessions = 0


async def user(host: str, tally: Tally, seed: int, every_s: float, until_s: float) -> None:
    """Ask every `every_s` seconds until then; after some questions come back as somebody else."""
    chance = random.Random(seed)
    await asyncio.sleep(chance.uniform(0, every_s))
    while time.monotonic() < until_s:
        try:
            async with visiting(host) as visitor:
                tally.sessions += 1
                await visitor.page()
                for _ in range(_QUESTIONS_A_SESSION):
                    next_s = time.monotonic() + every_s
                    await once(visitor, tally, chance.choice(QUESTIONS))
                    await asyncio.sleep(max(0.0, next_s - time.monotonic()))
                    if time.monotonic() > until_s:
                        break
        except Exception as error:  # whatever happened, it is a visitor's trouble and is counted
            tally.errors.append(f"{type(error).__name__}: {error}")


async def once(visitor: Visitor, tally: Tally, question: str) -> None:
    """Ask and look at the answer; some have the page drawn again, as opening the article does."""
    answer = await visitor.ask(question)
    tally.answers_s.append(answer.seconds)
    drawn = [answer]
    if len(tally.answers_s) % _ANSWERS_A_RERUN == 0:
        drawn.append(await visitor.rerun())
        tally.reruns_s.append(drawn[-1].seconds)
    tally.errors += [error for page in drawn for error in page.errors]
    if not all(page.says("ws-lead") for page in drawn):
        tally.errors.append("a page without an answer")


async def many(host: str, users: int, seconds: float, every_s: float) -> Tally:
    """Let users ask for some time."""
    tally = Tally()
    until_s = time.monotonic() + seconds
    await asyncio.gather(*(user(host, tally, seed, every_s, until_s) for seed in range(users)))
    return tally


async def sessions(host: str, count: int, at_once: int = 20) -> list[str]:
    """Open that many sessions, each of which asks one question and leaves; return the words of errors."""
    errors: list[str] = []
    numbers = itertools.count()

    async def worker() -> None:
        while (number := next(numbers)) < count:
            async with visiting(host) as visitor:
                await visitor.page()
                errors.extend((await visitor.ask(QUESTIONS[number % len(QUESTIONS)])).errors)

    await asyncio.gather(*(worker() for _ in range(at_once)))
    return errors


def memory_mib(server: Server) -> float:
    """Return the server's resident memory."""
    resident = int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1])
    return resident * os.sysconf("SC_PAGE_SIZE") / _MIB


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Return milliseconds at p50, p95 and p99."""
    return {f"p{p}_ms": round(float(np.percentile(seconds, p)) * 1000, 1) for p in (50, 95, 99)} if seconds else {}


def measure(server: Server, *, users: int, seconds: float, every_s: float, count: int) -> dict[str, Any]:
    """Load a server, and return what was measured."""
    load_before = os.getloadavg()[0] / (os.cpu_count() or 1)
    os.sched_setaffinity(server.process.pid, set(sorted(os.sched_getaffinity(0))[:_CORES]))
    errors = asyncio.run(sessions(server.host, max(20, count // 10)))  # the model and all that is made once
    alone = asyncio.run(many(server.host, 1, min(seconds, 15.0), 0.5))
    tally = asyncio.run(many(server.host, users, seconds, every_s))
    before_mib = memory_mib(server)
    errors += asyncio.run(sessions(server.host, count))
    after_mib = memory_mib(server)
    errors += [*alone.errors, *tally.errors]
    return {
        "users": users,
        "every_s": every_s,
        "cores": _CORES,
        "load_before": round(load_before, 2),
        "answers": len(tally.answers_s),
        "answers_a_second": round(len(tally.answers_s) / seconds, 2),
        "answer": percentiles(tally.answers_s),
        "answer_alone": percentiles(alone.answers_s),
        "rerun": percentiles(tally.reruns_s),
        "rerun_alone": percentiles(alone.reruns_s),
        "errors": len(errors),
        "first_errors": errors[:5],
        "sessions": count,
        "memory_mib": [round(before_mib), round(after_mib)],
        "memory_growth": round(after_mib / before_mib - 1, 4),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, and fail where something went wrong for a visitor."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.load", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--users", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--every", type=float, default=5.0, metavar="SECONDS", help="a user's pause between questions")
    parser.add_argument("--sessions", type=int, default=2000, help="for the growth of memory")
    arguments = parser.parse_args(argv)
    inherited = {name: value for name, value in os.environ.items() if name.startswith("WHOSAID_")}
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder) / "log", script=ROOT / "app.py", environment=inherited) as server,
    ):
        found = measure(
            server,
            users=arguments.users,
            seconds=arguments.seconds,
            every_s=arguments.every,
            count=arguments.sessions,
        )
    print(json.dumps(found, indent=1))
    return int(bool(found["errors"]))


if __name__ == "__main__":
    sys.exit(main())
