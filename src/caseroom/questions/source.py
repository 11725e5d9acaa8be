"""Reviewed content as its authors write it: one rubric and one anchor file per question.

In: the folder `content/questions` with `rubrics/ID.yaml` and `anchors/ID.yaml`. Out: questions, or
a clear error that names the file, the place in it and what is allowed there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import yaml

from caseroom.questions.model import Band, Question
from caseroom.vocabulary.errors import CaseroomError

__all__ = ["read_source"]

_BANDS = {"found": Band.FOUND, "partly": Band.PERHAPS, "none": Band.NOT_FOUND}


def read_source(folder: Path) -> tuple[Question, ...]:
    """Read all questions of a folder, in the order of their ids.

    Raises:
        CaseroomError: A file is missing, is no YAML, or does not fit the schema.
    """
    paths = sorted((folder / "rubrics").glob("*.yaml"))
    return tuple(_question(path, folder / "anchors" / path.name) for path in paths)


def _question(rubric: Path, anchors: Path) -> Question:
    """Join a rubric with its anchor answers."""
    raw = {"note": "", **_yaml(rubric)}
    raw["points"] = [{"gate": False, **point} for point in raw.get("points", [])]
    raw["anchors"] = [_anchor(anchor) for anchor in _yaml(anchors).get("anchors", [])]
    try:
        return msgspec.convert(raw, Question)
    except msgspec.ValidationError as problem:
        raise CaseroomError(
            f"{rubric.name} does not fit the schema of a question: {problem}.",
            allowed="the fields of caseroom.questions.model.Question",
            next_step=f"Mend {rubric} or {anchors}, then run the command again.",
        ) from problem


def _anchor(raw: dict[str, Any]) -> dict[str, Any]:
    """Give an anchor with the labels in our words; an unknown label stays and is refused later."""
    labels = {point: _BANDS.get(label, label) for point, label in raw.get("points", {}).items()}
    return {**raw, "text": raw.get("text", "").strip(), "points": labels}


def _yaml(path: Path) -> dict[str, Any]:
    """Read one file. Raises CaseroomError when it is not there or no mapping."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as problem:
        raise CaseroomError(
            f"{path} can't be read: {problem}.",
            allowed="a YAML file in UTF-8",
            next_step="Write or mend the file; its neighbors show the form.",
        ) from problem
    if not isinstance(raw, dict):
        raise CaseroomError(
            f"{path} holds {type(raw).__name__}.",
            allowed="a mapping of fields",
            next_step="Start the file with `id: ...` as its neighbors do.",
        )
    return raw
