"""The model that a person configured, opened when it is asked for.

In: the data folder and the environment. Out: what `caseroom.service.model_ports.Models` promises.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from caseroom.adapters.models.config import FILE, KEY, ModelConfig, read_config, read_key
from caseroom.grading.judge.endpoint import ModelEndpoint, ModelIdentity
from caseroom.service.model_ports import ModelStatus, model_is_off

__all__ = ["ConfiguredModels"]


class ConfiguredModels:
    """Implements `Models`. The configuration is read anew each time, so that a change counts."""

    def __init__(self, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self._folder = folder
        self._environment = os.environ if environment is None else environment

    def status(self) -> ModelStatus:
        """Say what is configured. Raises CaseroomError for a configuration that can't be meant."""
        config, key = self._read()
        return ModelStatus(
            identity=_identity(config) if config else None,
            has_key=bool(key),
            is_local=config is not None and config.is_local,
            timeout=config.timeout if config else 0.0,
            file=str(self._folder / FILE),
            key_variable=KEY,
        )

    def open(self) -> ModelEndpoint:
        """Give the endpoint. Raises CaseroomError when none is configured."""
        config, key = self._read()
        if config is None:
            raise model_is_off()
        from caseroom.adapters.models.http_model import HttpModel

        return HttpModel(config, key)

    def _read(self) -> tuple[ModelConfig | None, str]:
        return read_config(self._folder, self._environment), read_key(self._environment)


def _identity(config: ModelConfig) -> ModelIdentity:
    return ModelIdentity(
        name=config.name,
        address=config.address,
        kind=config.kind,
        price_in=config.price_in,
        price_out=config.price_out,
    )
