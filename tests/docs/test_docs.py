"""The documentation and the page templates: links lead somewhere, words are the glossary's."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import click
import pytest

from caseroom.cli.root import root

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "bench/README.md"]
PAGES += sorted((ROOT / "docs").rglob("*.md"))
TEMPLATES = sorted((ROOT / "src/caseroom/web/templates").rglob("*.html"))
GLOSSARY = ROOT / "docs/reference/glossary.md"
BENCHES = ROOT / "bench/README.md"
DECISIONS = sorted((ROOT / "docs/decisions").glob("*.md"))

FORBIDDEN = (
    r"students?|pupils?|test takers?|ground truth|golden answers?|answer keys?|red herrings?"
    r"|exams?|quiz(zes)?|gut feelings?"  # the glossary gives the word to use
    r"|behaviour\w*|colour\w*|sceptic\w*|labelled(?!-by)|favour\w*|analyse[ds]?|licence\w*"
    r"|simply|obviously|TODO|TBD|lorem ipsum"
)


def name(path: Path) -> str:
    """Give a file's name as a person writes it."""
    return path.relative_to(ROOT).as_posix()


def prose(path: Path) -> str:
    """Give a page's text without the table of words that the glossary advises against."""
    return path.read_text().partition("## Words that we don't use")[0]


@pytest.mark.parametrize("path", [*PAGES, *TEMPLATES], ids=name)
def test_the_words_are_the_glossarys(path: Path) -> None:
    """One word for one thing, in American spelling, without filler or placeholders."""
    assert [m[0] for m in re.finditer(rf"\b(?:{FORBIDDEN})\b", prose(path), re.IGNORECASE)] == []


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_links_lead_to_files(path: Path) -> None:
    """Every link to a file of the project leads to one."""
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text())
    files = [target for target in targets if "://" not in target]

    assert [target for target in files if not (path.parent / target).exists()] == []


def test_the_index_names_every_page() -> None:
    """No page of the documentation is hidden from the index."""
    index = ROOT / "docs/index.md"
    linked = {
        (index.parent / t).resolve() for t in re.findall(r"\]\(([^)#]+)\)", index.read_text())
    }

    assert {name(p) for p in (ROOT / "docs").rglob("*.md") if p != index} == {
        name(p) for p in linked
    }


@pytest.mark.parametrize("path", DECISIONS, ids=name)
def test_a_decision_says_how_it_could_be_wrong(path: Path) -> None:
    """Each decision has its context, the choice, what was refused, and the sign of an error."""
    headings = re.findall(r"^## (.+)$", path.read_text(), re.MULTILINE)

    assert headings[:3] == ["Context", "Choice", "Refused options"]
    assert headings[-1] == "How we would notice that it was wrong"


def commands_in(path: Path) -> set[str]:
    """Give the `caseroom ...` commands that a page shows, in prose or in code blocks."""
    shown = re.findall(r"(?:`|^\s*|bin/)caseroom ([^`\n]+)", path.read_text(), re.MULTILINE)
    return {text.strip() for text in shown}


# The command line's own reference is written by the program; another test compares the two.
@pytest.mark.parametrize("path", [p for p in PAGES if p.name != "cli.md"], ids=name)
def test_shown_commands_exist(path: Path) -> None:
    """A command that a page shows is one that the program has."""
    unknown = [shown for shown in sorted(commands_in(path)) if not is_command(shown)]

    assert unknown == []


def is_command(shown: str) -> bool:
    """Say whether the words after `caseroom` name a command, with options that it has."""
    command: click.Command = root
    context = click.Context(root)
    words = shlex.split(shown)
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(context, words.pop(0))
        if found is None:
            return False
        command = found
    known = {"--help", "--version", *(o for p in command.params for o in p.opts)}
    return {w.partition("=")[0] for w in words if w.startswith("--")} <= known


@pytest.mark.parametrize("script", ["start", "test"])
def test_the_two_commands_of_the_readme_can_be_run(script: str) -> None:
    """README shows both commands, and both are programs."""
    assert f"\n./{script}\n" in (ROOT / "README.md").read_text()
    assert os.access(ROOT / script, os.X_OK)


def test_every_benchmark_is_described() -> None:
    """The list of benchmarks and the programs in the folder are the same."""
    described = re.findall(r"^## `(\w+\.py)`", BENCHES.read_text(), re.MULTILINE)

    assert sorted(described) == sorted(path.name for path in BENCHES.parent.glob("*.py"))


def test_the_glossary_is_in_order() -> None:
    """Words are found by the alphabet, and none is explained twice."""
    table = GLOSSARY.read_text().partition("## ")[0]
    words = re.findall(r"^\| ([^|]+?) \|", table, re.MULTILINE)[1:]

    assert words == sorted(set(words), key=str.casefold)
