"""A line is in the file whole or not at all, whoever else writes and whatever the disk does."""

import fcntl
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from whosaid.lines import append_line, read_lines
from whosaid.settings import ROOT


def test_lines_follow_each_other_and_the_folder_is_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "lines.jsonl"
    append_line(path, '{"a": 1}')
    append_line(path, '{"b": "ä\u2028"}')
    assert path.read_bytes() == '{"a": 1}\n{"b": "ä\u2028"}\n'.encode()
    assert read_lines(path) == ['{"a": 1}', '{"b": "ä\u2028"}']


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    append_line(tmp_path / "lines", "x")
    assert stat.S_IMODE((tmp_path / "lines").stat().st_mode) & 0o077 == 0


def test_a_torn_last_line_does_not_take_the_next_one_with_it(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_text('{"a": 1}\n{"b"')
    append_line(path, '{"c": 3}')
    assert read_lines(path) == ['{"a": 1}', '{"b"', '{"c": 3}']


def test_half_of_a_surrogate_pair_stays_valid_json(tmp_path: Path) -> None:
    append_line(tmp_path / "lines", json.dumps({"q": "a\ud83d"}, ensure_ascii=False))
    assert json.loads(read_lines(tmp_path / "lines")[0]) == {"q": "a\ud83d"}


def test_no_file_has_no_lines(tmp_path: Path) -> None:
    assert read_lines(tmp_path / "none") == []


def test_processes_that_write_at_once_lose_and_mix_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    code = (
        "import sys; from pathlib import Path; from whosaid.lines import append_line\n"
        "for n in range(100): append_line(Path(sys.argv[1]), sys.argv[2] * 5000 + str(n))"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, str(path), letter], cwd=ROOT) for letter in "abcd"]
    assert [writer.wait() for writer in writers] == [0] * 4
    assert sorted(read_lines(path)) == sorted(letter * 5000 + str(n) for letter in "abcd" for n in range(100))


def test_a_disk_that_is_full_half_way_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    append_line(path, "first")
    code = (
        "import resource, sys; from pathlib import Path; from whosaid.lines import append_line\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: append_line(Path(sys.argv[1]), 'x' * 5000)\n"
        "except OSError: print('refused')"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "refused\n"
    assert read_lines(path) == ["first"]
    assert path.stat().st_size == len("first\n")


def test_what_is_no_regular_file_is_refused_at_once_and_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="not a regular file"):
        append_line(tmp_path / "pipe", "x")
    with pytest.raises(OSError, match="directory"):
        append_line(tmp_path, "x")
    with pytest.raises(OSError):
        append_line(Path("/proc/no-such-folder/lines"), "x")


def test_a_file_that_somebody_else_holds_is_given_up_after_a_while(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_text("first\n")
    with path.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(OSError, match="another process"):
            append_line(path, "x")
    append_line(path, "second")
    assert read_lines(path) == ["first", "second"]
