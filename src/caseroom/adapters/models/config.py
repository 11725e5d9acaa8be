"""Which language model a person configured, if any.

In: the environment and `model.yaml` in the data folder; the environment wins, field by field. Out:
a `ModelConfig`, or None when no address is set. The key comes from the environment alone and is in
no value that is shown, stored or logged.
"""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from caseroom.vocabulary.errors import CaseroomError

__all__ = ["FILE", "KEY", "KINDS", "ModelConfig", "read_config", "read_key"]

FILE = "model.yaml"
KEY = "CASEROOM_MODEL_KEY"
KINDS = ("openai", "anthropic")
MOST_SECONDS = 600.0
_PREFIX = "CASEROOM_MODEL_"
_FIELDS = ("url", "name", "kind", "price_in", "price_out", "timeout")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelConfig:
    """One model at one address.

    `address` has no credentials and no query. Prices are per million tokens, in the person's own
    currency, None where not given. `timeout` is the most seconds that one request may take.
    """

    address: str
    name: str
    kind: str
    price_in: float | None
    price_out: float | None
    timeout: float
    is_local: bool


def read_config(folder: Path, environment: Mapping[str, str]) -> ModelConfig | None:
    """Read the configuration of a data folder.

    Raises:
        CaseroomError: For a value that can't be meant, naming it and what is allowed.
    """
    fields = {**_file(folder / FILE), **_environment(environment)}
    if not fields.get("url"):
        return None
    address = _address(str(fields["url"]).strip())
    config = ModelConfig(
        address=address,
        name=_name(fields.get("name")),
        kind=_kind(fields.get("kind")),
        price_in=_number(fields, "price_in", least=0, most=1e9),
        price_out=_number(fields, "price_out", least=0, most=1e9),
        timeout=_number(fields, "timeout", least=0.05, most=MOST_SECONDS) or 60.0,
        is_local=_is_local(address),
    )
    if address.startswith("http:") and not config.is_local and environment.get(KEY, "").strip():
        raise CaseroomError(
            f"The key would travel unencrypted to {address}.",
            allowed="https:// for another machine when a key is set",
            next_step=f"use an https address, or unset {KEY}.",
        )
    return config


def read_key(environment: Mapping[str, str]) -> str:
    """Give the key, "" when none is set. Raises CaseroomError, without the key in it."""
    key = environment.get(KEY, "").strip()
    if not key.isascii() or not key.isprintable() or " " in key:
        raise CaseroomError(
            f"{KEY} holds characters that no key has.",
            allowed="printable ASCII without spaces",
            next_step="copy the key again; it is not shown here.",
        )
    return key


def _environment(environment: Mapping[str, str]) -> dict[str, Any]:
    """Give the fields that the environment sets; an empty one unsets what the file says."""
    names = {field: _PREFIX + field.upper() for field in _FIELDS}
    return {field: environment[name] for field, name in names.items() if name in environment}


def _file(path: Path) -> dict[str, Any]:
    """Give the fields of the file, none where there is no file."""
    if not path.exists():
        return {}
    import yaml  # takes a tenth of a second that a start without this file need not spend

    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as problem:
        raise CaseroomError(
            f"{path} can't be read: {type(problem).__name__}.",
            allowed="a YAML file in UTF-8",
            next_step=f"mend or delete {path}.",
        ) from None
    unknown = sorted(set(raw) - set(_FIELDS), key=str) if isinstance(raw, dict) else [raw]
    if unknown:
        what = unknown[0] if isinstance(raw, dict) else "no field"
        raise CaseroomError(
            f"{path} holds {str(what)[:40]!r}.",
            allowed=", ".join(_FIELDS),
            next_step=f"remove it; a key belongs into the environment variable {KEY}.",
        )
    return raw


def _address(url: str) -> str:
    """Check an address and give it without a slash at the end."""
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits, parts = False, urlsplit("")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise CaseroomError(
            "The model's address holds more than scheme, host, port and path.",
            allowed="for instance http://127.0.0.1:11434/v1, without user, password or query",
            next_step=f"put a key into {KEY}.",
        )
    if not fits or not url.isascii() or not url.isprintable() or " " in url:
        raise CaseroomError(
            f"{url[:80]!r} is no address of a model.",
            allowed="http:// or https://, host, port and path",
            next_step=f"correct {_PREFIX}URL or {FILE}.",
        )
    return url.rstrip("/")


def _name(value: Any) -> str:
    """Check the model's name."""
    name = str(value or "").strip()
    if not name or len(name) > 200 or not name.isprintable():
        raise CaseroomError(
            "An address of a model is set, but no usable name of the model.",
            allowed="the name that the server lists, up to 200 characters",
            next_step=f"set {_PREFIX}NAME.",
        )
    return name


def _kind(value: Any) -> str:
    """Check the wire format."""
    kind = str(value or KINDS[0]).strip().lower()
    if kind not in KINDS:
        raise CaseroomError(
            f"{kind[:40]!r} is no kind of endpoint.",
            allowed=", ".join(KINDS),
            next_step=f"correct {_PREFIX}KIND; most servers speak the openai form.",
        )
    return kind


def _number(fields: Mapping[str, Any], field: str, *, least: float, most: float) -> float | None:
    """Check a number, None where it is not set."""
    value = fields.get(field)
    if value is None or str(value).strip() == "":
        return None
    try:
        number = float(str(value))
    except ValueError:
        number = math.nan
    if not least <= number <= most:
        raise CaseroomError(
            f"{str(value)[:40]!r} can't be {field} of a model.",
            allowed=f"a number from {least:g} to {most:g}",
            next_step=f"correct {_PREFIX}{field.upper()} or {FILE}.",
        )
    return number


def _is_local(address: str) -> bool:
    """Say whether an address is on this machine."""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
