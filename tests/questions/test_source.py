"""Reading reviewed content: clear errors, nothing half read."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from caseroom.questions.bank import load_bank
from caseroom.questions.model import Band
from caseroom.questions.rules import problems
from caseroom.questions.source import read_source
from caseroom.vocabulary.errors import CaseroomError

SOURCE = Path(__file__).parents[2] / "src" / "caseroom" / "content" / "questions"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a content folder with one question."""
    for kind in ("rubrics", "anchors"):
        (tmp_path / kind).mkdir()
        shutil.copy(SOURCE / kind / "Q001.yaml", tmp_path / kind)
    return tmp_path


def change(path: Path, **fields: object) -> None:
    """Change fields of a YAML file."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(raw | fields), encoding="utf-8")


def test_reads_a_question_with_its_anchors(folder: Path):
    """A rubric and its anchors become one question, labels in our words."""
    (question,) = read_source(folder)
    assert question.anchor("strong").points["p1"] is Band.FOUND


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [
        ("level", "expert", r"\$\.level"),
        ("points", [{"id": "p1"}], r"\$\.points"),
        ("minutes", "three", r"\$\.minutes"),
    ],
)
def test_a_wrong_field_is_named(folder: Path, field: str, value: object, place: str):
    """A value that does not fit is refused with the file and the place in it."""
    change(folder / "rubrics" / "Q001.yaml", **{field: value})
    with pytest.raises(CaseroomError, match=rf"Q001\.yaml.*{place}"):
        read_source(folder)


def test_missing_anchors_are_named(folder: Path):
    """A rubric without its anchor file is refused with the path that is missing."""
    (folder / "anchors" / "Q001.yaml").unlink()
    with pytest.raises(CaseroomError, match=r"anchors.Q001\.yaml can't be read"):
        read_source(folder)


def test_broken_yaml_is_named(folder: Path):
    """A file that is no YAML is refused with the parser's words."""
    (folder / "rubrics" / "Q001.yaml").write_text("id: [", encoding="utf-8")
    with pytest.raises(CaseroomError, match=r"can't be read"):
        read_source(folder)


def test_rules_find_what_the_schema_lets_pass():
    """Two gates, too few examples and a strong anchor with a gap are each named."""
    question = load_bank()[0]
    points = tuple(replace(point, gate=True) for point in question.points)
    points = (replace(points[0], says=points[0].says[:2]), *points[1:])
    gap = replace(question.anchors[2], points={**question.anchors[2].points, "p2": Band.NOT_FOUND})
    broken = replace(question, points=points, anchors=(*question.anchors[:2], gap))
    text = " ".join(problems(broken))
    assert "one gate point is needed" in text
    assert "p1 says has 2 sentences" in text
    assert "the strong anchor misses a point" in text
