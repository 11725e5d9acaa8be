"""Reading a submission file.

In: a YAML or JSON file that a person wrote. Out: its values, or what is wrong with the file and
where. What the values mean is checked later, against the form.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import yaml

from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = ["read_submission"]

LARGEST = 1_000_000
"""Bytes; a full submission has about 10,000."""


def read_submission(path: Path) -> Mapping[str, Any]:
    """Read a submission file ("-" for standard input).

    Raises:
        CaseroomError: For a file that is missing, unreadable, too large, no YAML, or no mapping.
    """
    text = _text(path)
    try:
        value = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise _malformed(path, _where(error)) from error
    except (ValueError, RecursionError) as error:  # such as the day 2025-13-45
        raise _malformed(path, str(error)) from error
    if not isinstance(value, Mapping):
        raise _malformed(path, f"it holds {type(value).__name__} instead of fields with answers")
    return value


class _Loader(yaml.SafeLoader):
    """A safe loader that refuses a name which stands twice: the second would silently win.

    Only true and false are booleans: yes, no, on and off may be ids.
    """

    yaml_implicit_resolvers = {  # noqa: RUF012 (PyYAML reads it from the class)
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = key_node.value
            if isinstance(key, str) and key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key!r} stands there twice", key_node.start_mark
                )
            if isinstance(key, str):
                seen.add(key)
        return super().construct_mapping(node, deep)


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("true|True|TRUE|false|False|FALSE"), list("tTfF")
)


def _text(path: Path) -> str:
    try:
        data = sys.stdin.buffer.read(LARGEST + 1) if str(path) == "-" else _bytes(path)
        if len(data) > LARGEST:
            raise _malformed(path, f"it has more than {LARGEST:,} bytes")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _malformed(path, f"byte {error.start} is not UTF-8") from error
    except OSError as error:
        raise CaseroomError(
            f"{path} cannot be read: {error.strerror or error}.",
            next_step="check the path; `caseroom form CASE --out FILE` writes a template.",
            code=ExitCode.NOT_FOUND if isinstance(error, FileNotFoundError) else ExitCode.BAD_INPUT,
        ) from error


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _where(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return f"line {mark.line + 1}, column {mark.column + 1}: {problem}" if mark else problem


def _malformed(path: Path, problem: str) -> CaseroomError:
    return CaseroomError(
        f"{path} cannot be read as a submission: {problem}.",
        allowed="YAML or JSON with one entry per field of the form",
        next_step="start from the template that `caseroom form CASE` writes.",
    )
