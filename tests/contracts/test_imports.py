"""Rules over the source: which way imports go, what the core may not do, what a file may say."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "caseroom"

ORDER = (
    "vocabulary",
    "analysis",
    "world",
    "case",
    "investigation",
    "questions",
    "grading",
    "debrief",
    "interview",
    "export",
    "service",
    "adapters",
    "bootstrap",
    "web",
    "cli",
)
"""The way of the data: a folder imports only from itself and from folders to its left."""

CORE = (
    "vocabulary",
    "analysis",
    "world",
    "case",
    "questions",
    "grading",
    "debrief",
    "interview",
)
"""Values in, values out: no clocks, no chance but by seed, no environment."""

LINES_ALARM = 500
LONG_MODULES: dict[str, str] = {}
"""Modules over the alarm, each with the reason why it is one idea all the same."""

MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
"""Every module of the package."""


def place(path: Path) -> str:
    """Give a path inside the package in a form that a person reads."""
    return path.relative_to(PACKAGE).as_posix()


def folder_of(path: Path) -> str:
    """Give the part of the package that a file belongs to ("" for the package's own __init__)."""
    part = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "" if part in ("__init__", "__main__") else part


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the full name and line of everything that a file imports."""
    inside = ("caseroom", *path.relative_to(PACKAGE).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(inside[: len(inside) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            yield from ((f"{module}.{alias.name}", node.lineno) for alias in node.names)


def own_imports(path: Path) -> Iterator[tuple[str, int]]:
    """Yield which part of the package each of a file's imports comes from, and its line."""
    for name, line in imports(path):
        parts = name.split(".")
        if parts[0] == "caseroom" and len(parts) > 1:
            yield parts[1], line


def in_folders(*folders: str) -> list[Path]:
    """Give the modules of these parts of the package."""
    return [path for path in MODULES if folder_of(path) in folders]


def test_every_folder_has_its_place_in_the_order() -> None:
    """A new folder must be given a place in the way of the data."""
    known = {*ORDER, "content", ""}

    assert {folder_of(path) for path in MODULES} <= known


@pytest.mark.parametrize("folder", ORDER)
def test_imports_go_one_way(folder: str) -> None:
    """A folder imports only from itself and from folders before it."""
    allowed = {*ORDER[: ORDER.index(folder) + 1], "__version__"}

    wrong = [
        f"{place(path)}:{line} imports {part}"
        for path in in_folders(folder)
        for part, line in own_imports(path)
        if part not in allowed
    ]

    assert wrong == []


def test_content_is_data_only() -> None:
    """The content folder holds data files: no code of its own, and no imports."""
    code = [place(p) for p in in_folders("content") if p.name != "__init__.py" or [*imports(p)]]

    assert code == []


def test_grading_never_reads_the_learner() -> None:
    """Grading judges an answer, not the person: it can't import the learner model."""
    named = [place(p) for p in in_folders("grading") if "caseroom.learner" in imported_names(p)]

    assert named == []


def imported_names(path: Path) -> str:
    """Give all imported names of a file as one text."""
    return "\n".join(name for name, _ in imports(path))


FORBIDDEN_IN_CORE = re.compile(
    r"random(\.\w+)?|secrets(\.\w+)?|uuid\.uuid[14]|time\.time(_ns)?"
    r"|(datetime\.)?(date|datetime)\.(today|now|utcnow)|os\.(environ|getenv|urandom)"
)
SEEDED = {"default_rng", "Generator", "PCG64", "PCG64DXSM", "Philox", "SFC64", "SeedSequence"}


def dotted(node: ast.expr) -> str:
    """Give a chain of attributes as text ("" where it isn't one)."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def impurities(source: str) -> Iterator[tuple[str, int]]:
    """Yield uses of clocks, of chance without a seed and of the environment, with their lines."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Attribute):
            names = [dotted(node)]
        else:
            names = []
        yield from ((name, node.lineno) for name in names if FORBIDDEN_IN_CORE.fullmatch(name))
        if isinstance(node, ast.Call):
            yield from unseeded(node)


def unseeded(call: ast.Call) -> Iterator[tuple[str, int]]:
    """Yield a call into numpy.random that draws from the global state or takes no seed."""
    match = re.fullmatch(r"(?:np|numpy)\.random\.(\w+)(?:\..*)?", dotted(call.func))
    seeded = match and match[1] in SEEDED and (call.args or call.keywords)
    if match and not seeded:
        yield dotted(call.func), call.lineno


@pytest.mark.parametrize("folder", CORE)
def test_the_core_has_no_clock_and_no_chance(folder: str) -> None:
    """Same values in, same values out: time, seeds and settings are arguments in the core."""
    found = [
        f"{place(path)}:{line} uses {name}"
        for path in in_folders(folder)
        for name, line in impurities(path.read_text())
    ]

    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "import random",
        "from random import choice",
        "import time; time.time()",
        "from time import time",
        "import datetime; datetime.datetime.now()",
        "from datetime import datetime; datetime.now()",
        "from datetime import date; date.today()",
        "import os; os.environ['HOME']",
        "import os; os.getenv('HOME')",
        "import numpy as np; np.random.normal(3)",
        "import numpy as np; np.random.default_rng()",
    ],
)
def test_the_rule_sees_each_impurity(line: str) -> None:
    """Each forbidden use is found in the form in which people write it."""
    assert [*impurities(line)]


@pytest.mark.parametrize(
    "line",
    [
        "import numpy as np; np.random.default_rng(7)",
        "import numpy as np; np.random.Generator(np.random.Philox(key=7))",
        "from datetime import date; date(2025, 3, 1)",
        "import os; os.path.join('a', 'b')",
    ],
)
def test_the_rule_leaves_seeded_draws_alone(line: str) -> None:
    """Seeded generators and plain date values are what the core is made of."""
    assert [*impurities(line)] == []


def test_modules_stay_short() -> None:
    """A module over the alarm is listed with a reason, and the list doesn't outlive the module."""
    long = {place(p) for p in MODULES if len(p.read_text().splitlines()) > LINES_ALARM}

    assert long == set(LONG_MODULES)


def is_public(path: Path) -> bool:
    """Say whether a module offers names to others (migrations and data packages don't)."""
    tree = ast.parse(path.read_text())
    kinds = (ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign, ast.ImportFrom)
    offers = any(isinstance(node, kinds) for node in tree.body)
    hidden = path.name == "__main__.py" or any(
        part.startswith("_") and part != "__init__.py" for part in path.relative_to(PACKAGE).parts
    )
    return offers and not hidden and "migrations" not in path.parts


def test_public_modules_say_what_they_offer() -> None:
    """Every public module has `__all__`."""
    silent = [
        place(path)
        for path in MODULES
        if is_public(path) and not re.search(r"^__all__\b", path.read_text(), re.MULTILINE)
    ]

    assert silent == []


def test_every_module_states_its_purpose() -> None:
    """Every module that holds code opens with a docstring."""
    silent = [
        place(path)
        for path in MODULES
        if path.stat().st_size and not ast.get_docstring(ast.parse(path.read_text()))
    ]

    assert silent == []


# Joined from pieces, so that this file doesn't say what it forbids.
HOSTS = ("pypi" + ".org", "python" + "hosted.org", "npm" + "js.", "debian" + ".org/debian")
PLACES = re.compile(r"(?<![\w.~\-/])/(?:work|root)/\w")


def tracked_texts() -> Iterator[tuple[str, str]]:
    """Yield name and text of every text file that git knows, or would."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in listing.stdout.decode().split("\0"):
        path = ROOT / name
        if name and path.is_file() and b"\0" not in (data := path.read_bytes()):
            yield name, data.decode(errors="replace")


def test_no_file_names_a_registry_or_a_machine() -> None:
    """Where packages come from is the installer's setting, and no path is of one machine."""
    found = [
        f"{name}: {hit}"
        for name, text in tracked_texts()
        for hit in [*(host for host in HOSTS if host in text), *PLACES.findall(text)]
    ]

    assert found == []
