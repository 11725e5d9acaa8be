"""What the use cases need of a configured language model, and the default: there is none.

In: nothing. Out: `Models`; `caseroom.bootstrap` wires what the person configured.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from caseroom.grading.judge.endpoint import ModelEndpoint, ModelIdentity
from caseroom.vocabulary.errors import CaseroomError

__all__ = ["ModelStatus", "Models", "NoModels", "model_is_off"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelStatus:
    """What is configured; `identity` is None where no model is.

    `has_key` says whether a key is set, never which. `is_local` is true for an address on this
    machine. `timeout` is the most seconds per request. `file` and `key_variable` say where the
    settings are looked for.
    """

    identity: ModelIdentity | None = None
    has_key: bool = False
    is_local: bool = False
    timeout: float = 0.0
    file: str = ""
    key_variable: str = ""


class Models(Protocol):
    """The language model that a person configured, if any."""

    def status(self) -> ModelStatus:
        """Say what is configured. Sends nothing. Raises CaseroomError for unusable settings."""
        ...

    def open(self) -> ModelEndpoint:
        """Give the endpoint; the caller closes it. Raises CaseroomError where there is none."""
        ...


class NoModels:
    """The default: no model, no request."""

    def status(self) -> ModelStatus:
        """Say that nothing is configured."""
        return ModelStatus()

    def open(self) -> ModelEndpoint:
        """Raise CaseroomError: there is nothing to open."""
        raise model_is_off()


def model_is_off() -> CaseroomError:
    """Say that no model is configured, and how to configure one."""
    return CaseroomError(
        "No language model is configured, so none is asked.",
        allowed="any endpoint of the OpenAI or the Anthropic form, a local one included",
        next_step="set CASEROOM_MODEL_URL and CASEROOM_MODEL_NAME; "
        "docs/how-to/use-a-language-model.md shows how.",
    )
