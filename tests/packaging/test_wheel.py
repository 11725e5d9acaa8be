"""The built package: what a person installs holds everything that the source tree holds."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
NEEDED = {
    "caseroom/py.typed": "the mark that says that the package is typed",
    "caseroom/content/*": "content data",
    "caseroom/web/templates/*.html": "page templates",
    "caseroom/web/static/*.js": "built scripts",
    "caseroom/web/static/*.css": "styles",
    "caseroom/adapters/*/migrations/versions/*.py": "database migrations",
}
"""Glob to what would be missing from the product without it."""


def build(target: str, folder: Path) -> Path:
    """Give the built wheel or source archive."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Give the content of the wheel by file name."""
    with zipfile.ZipFile(build("wheel", tmp_path_factory.mktemp("wheel"))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def sdist_names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Give the file names of the source archive, without its top folder."""
    with tarfile.open(build("sdist", tmp_path_factory.mktemp("sdist"))) as archive:
        return {name.partition("/")[2] for name in archive.getnames()}


def source_files() -> dict[str, bytes]:
    """Give every file of the package's source tree by name, compiled files aside."""
    return {
        path.relative_to(SOURCE).as_posix(): path.read_bytes()
        for path in (SOURCE / "caseroom").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_the_whole_source_tree(wheel: dict[str, bytes]) -> None:
    """Every file of the package is in the wheel, byte for byte, and nothing else is."""
    packed = {name: data for name, data in wheel.items() if name.startswith("caseroom/")}

    assert packed == source_files()


@pytest.mark.parametrize("pattern", NEEDED, ids=list(NEEDED.values()))
def test_the_wheel_holds_each_kind_of_file(wheel: dict[str, bytes], pattern: str) -> None:
    """The kinds of files that builds forget are there."""
    assert [name for name in wheel if PurePosixPath(name).match(pattern)]


@pytest.mark.parametrize("name", ["LICENSE", "THIRD_PARTY.md"])
def test_the_wheel_holds_the_licenses(wheel: dict[str, bytes], name: str) -> None:
    """Our license and the notices of vendored code travel with the package."""
    packed = [data for path, data in wheel.items() if path.endswith(f"/licenses/{name}")]

    assert packed == [(ROOT / name).read_bytes()]


def test_the_wheel_offers_the_command(wheel: dict[str, bytes]) -> None:
    """Installing the wheel gives the caseroom command."""
    (points,) = (data for path, data in wheel.items() if path.endswith("/entry_points.txt"))

    assert b"caseroom = caseroom.cli:main" in points


def test_the_source_archive_holds_the_package(sdist_names: set[str]) -> None:
    """A wheel built from the source archive would hold the same files."""
    wanted = {f"src/{name}" for name in source_files()} | {"LICENSE", "THIRD_PARTY.md"}

    assert wanted <= sdist_names


def normal(requirement: str) -> str:
    """Give the normal form of the package name that a requirement starts with."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s<>=!;\[~]", requirement)[0]).lower()


def test_the_lock_pins_every_dependency() -> None:
    """What the project declares has a tested version in requirements.lock (see scripts/lock)."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    declared = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    pinned = {normal(line) for line in lines if "==" in line}

    assert {normal(requirement) for requirement in declared} - pinned == set()


def test_the_lock_holds_versions_only() -> None:
    """The lock names no place that packages come from."""
    lines = (ROOT / "requirements.lock").read_text().splitlines()

    assert [line for line in lines if "==" not in line and not line.startswith("#")] == []
    assert [line for line in lines if "//" in line or line.startswith("-")] == []
