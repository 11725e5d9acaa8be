"""Configuring a language model: environment over file, clear refusals, the key in no value."""

from __future__ import annotations

from pathlib import Path

import pytest

from caseroom.adapters.models.config import FILE, KEY, ModelConfig, read_config, read_key
from caseroom.adapters.models.configured import ConfiguredModels
from caseroom.vocabulary.errors import CaseroomError, ExitCode

LOCAL = {"CASEROOM_MODEL_URL": "http://127.0.0.1:11434/v1/", "CASEROOM_MODEL_NAME": "toy"}
SECRET = "sk-toy-secret"


def read(folder: Path, **environment: str) -> ModelConfig:
    """Read a configuration that is there."""
    config = read_config(folder, LOCAL | environment)
    assert config is not None
    return config


def test_without_an_address_there_is_no_model(tmp_path: Path) -> None:
    """A key or a name alone turns nothing on, and nothing can be opened."""
    environment = {"CASEROOM_MODEL_NAME": "toy", KEY: SECRET}

    assert read_config(tmp_path, environment) is None
    assert ConfiguredModels(tmp_path, environment).status().identity is None
    with pytest.raises(CaseroomError, match="No language model is configured"):
        ConfiguredModels(tmp_path, environment).open()


def test_the_environment_is_enough(tmp_path: Path) -> None:
    """Address and name; the rest has defaults."""
    assert read(tmp_path) == ModelConfig(
        address="http://127.0.0.1:11434/v1",
        name="toy",
        kind="openai",
        price_in=None,
        price_out=None,
        timeout=60.0,
        is_local=True,
    )


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    """Field by field; an empty address in the environment turns the model off."""
    (tmp_path / FILE).write_text(
        "url: https://host.example\nname: filed\nkind: anthropic\nprice_in: 3\nprice_out: 15\n"
    )

    filed, mixed = read_config(tmp_path, {}), read(tmp_path, CASEROOM_MODEL_NAME="mine")

    assert filed is not None
    assert (filed.name, filed.kind, filed.price_out) == ("filed", "anthropic", 15.0)
    assert (mixed.name, mixed.kind, mixed.is_local) == ("mine", "anthropic", True)
    assert read_config(tmp_path, {"CASEROOM_MODEL_URL": ""}) is None


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("URL", "localhost:11434", "no address"),
        ("URL", "ftp://host", "no address"),
        ("URL", "http://", "no address"),
        ("URL", "http://[broken", "no address"),
        ("URL", "http://host:99999", "no address"),
        ("URL", "http://ho st/v1", "no address"),
        ("URL", "https://me:secret@host/v1", "more than scheme"),
        ("URL", "https://host/v1?key=secret", "more than scheme"),
        ("NAME", " ", "no usable name"),
        ("NAME", "a\nb", "no usable name"),
        ("KIND", "telepathy", "'telepathy'"),
        ("PRICE_IN", "-1", "'-1'"),
        ("PRICE_OUT", "cheap", "'cheap'"),
        ("PRICE_OUT", "nan", "'nan'"),
        ("TIMEOUT", "0", "'0'"),
        ("TIMEOUT", "inf", "'inf'"),
    ],
)
def test_what_cannot_be_meant(tmp_path: Path, field: str, value: str, named: str) -> None:
    """The value, what is allowed, what to do; never a secret that was put into an address."""
    with pytest.raises(CaseroomError, match=named) as caught:
        read_config(tmp_path, LOCAL | {f"CASEROOM_MODEL_{field}": value})

    assert caught.value.code is ExitCode.BAD_INPUT
    assert caught.value.allowed
    assert caught.value.next_step
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["key: sk-1", "api_key: sk-1", "- a", "just words", "url: [", "\x00", "\xff: \x01"]
)
def test_files_that_cannot_be_used(tmp_path: Path, text: str) -> None:
    """A key in the file is refused by name: it belongs into the environment."""
    (tmp_path / FILE).write_text(text, encoding="latin-1")

    with pytest.raises(CaseroomError) as caught:
        read_config(tmp_path, {})
    assert str(tmp_path / FILE) in str(caught.value)
    assert "sk-1" not in str(caught.value)


@pytest.mark.parametrize("key", ["sk\nX-Evil: 1", "sk ey", "schlüssel", "sk\x00"])
def test_a_key_that_no_header_takes(key: str) -> None:
    """It is refused before it could stand in an error of the HTTP library."""
    with pytest.raises(CaseroomError) as caught:
        read_key({KEY: key})

    assert key not in str(caught.value)
    assert read_key({KEY: f" {SECRET}\n"}) == SECRET
    assert read_key({}) == ""


def test_a_key_does_not_travel_unencrypted(tmp_path: Path) -> None:
    """Plain http is for this machine, or for servers that need no key."""
    elsewhere = {"CASEROOM_MODEL_URL": "http://gpu-box:8000/v1"}

    assert read(tmp_path, **elsewhere).is_local is False
    assert read(tmp_path, **{KEY: SECRET}).is_local is True
    with pytest.raises(CaseroomError, match="unencrypted"):
        read(tmp_path, **elsewhere, **{KEY: SECRET})


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.1", "[::1]"])
def test_addresses_on_this_machine(tmp_path: Path, host: str) -> None:
    """The loopback addresses; other names are taken for other machines."""
    assert read(tmp_path, CASEROOM_MODEL_URL=f"http://{host}:1/v1").is_local
    assert not read(tmp_path, CASEROOM_MODEL_URL="http://localhost.example/v1").is_local


def test_no_value_holds_the_key(tmp_path: Path) -> None:
    """Configuration, status and endpoint can be shown and stored."""
    models = ConfiguredModels(tmp_path, LOCAL | {KEY: SECRET})
    endpoint = models.open()
    endpoint.close()

    shown = repr((read(tmp_path, **{KEY: SECRET}), models.status(), endpoint.identity, endpoint))
    assert SECRET not in shown
    assert models.status().has_key


def test_a_broken_proxy_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that the library can't take is the environment's fault, and named."""
    monkeypatch.setenv("ALL_PROXY", "nonsense://x")
    away = ConfiguredModels(tmp_path, LOCAL | {"CASEROOM_MODEL_URL": "https://host.example"})

    with pytest.raises(CaseroomError, match="proxy"):
        away.open()
