"""constraints.txt pins what is installed, to the last package: what `make setup` installs and `make audit` audits."""

import re
import sys
from importlib.metadata import PackageNotFoundError, distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from whosaid.settings import ROOT


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.partition("#")[0].strip() for line in lines]
    return {canonicalize_name(name): version for name, _, version in (row.partition("==") for row in rows if row)}


def required() -> dict[str, str]:
    """Every package that requirements-dev.txt brings here, directly or not, with the version that is installed."""
    found: dict[str, str] = {}
    waiting = [Requirement(line) for line in _direct("requirements-dev.txt")]
    seen: set[str] = set()
    while waiting:
        requirement = waiting.pop()
        key = f"{canonicalize_name(requirement.name)}{sorted(requirement.extras)}"
        if key in seen:
            continue
        seen.add(key)
        try:
            installed = distribution(requirement.name)
        except PackageNotFoundError:
            pytest.fail(f"{requirement.name} is not installed: run `make setup`")
        found[canonicalize_name(requirement.name)] = installed.version
        for line in installed.requires or ():
            further = Requirement(line)
            extras = requirement.extras or {""}
            if further.marker is None or any(further.marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(further)
    return found


def _direct(name: str) -> list[str]:
    lines = [line.partition(" #")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]
    wanted: list[str] = []
    for line in lines:
        if included := re.match(r"-r (\S+)", line):
            wanted += _direct(included[1])
        elif line and not line.startswith("#"):
            wanted.append(line)
    return wanted


def test_every_package_that_is_needed_is_pinned_at_the_version_that_is_installed() -> None:
    pinned = pins()
    bare = {name: version.partition("+")[0] for name, version in required().items()}
    assert {name: pinned.get(name) for name in bare} == bare


@pytest.mark.skipif(sys.platform != "linux", reason="pinned on Linux: other systems need fewer packages")
def test_nothing_is_pinned_that_is_not_needed() -> None:
    assert sorted(pins().keys() - required().keys()) == []


def test_every_pin_is_exact() -> None:
    assert all(re.fullmatch(r"[\w.!+-]+", version) for version in pins().values())
