"""The head: from features to a band.

In: features of a point's windows. Out: the window that speaks most for the point and how likely it
is that it covers it, as a band and a confidence. A logistic head, fitted by tools/fit_text_head.py
on answers to other questions; its numbers stand in `content/data/text_head.json`, those of the
semantic reader in a file of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import msgspec
import numpy as np
from numpy.typing import NDArray

from caseroom.grading.text.features import FEATURES
from caseroom.questions.model import Band

__all__ = ["HEAD", "Head", "Reading", "load_head"]

HEAD = "text_head.json"


@dataclass(frozen=True, slots=True)
class Reading:
    """The best window of a point, how likely it covers the point (0..1), band and confidence."""

    window: int
    likely: float
    band: Band
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Coefficients and cut-offs.

    A window's value is `intercept + sum(coefficients * (features - mean) / scale)`, its logistic
    the likelihood. `found` and `not_found` are cut-offs: "found" was right in at least 80 % and
    "not found" in at least 85 % of the answers to questions that the fit had not seen. Beyond
    `sure_found` and `sure_not_found` it was right in at least 90 %. `fitted_on` says what on.
    """

    features: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    coefficients: tuple[float, ...]
    intercept: float
    found: float
    not_found: float
    sure_found: float
    sure_not_found: float
    fitted_on: str

    def likelihood(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """Give the likelihood of every window from features (..., FEATURES)."""
        standard = (features - np.array(self.mean)) / np.array(self.scale)
        return 1 / (1 + np.exp(-(standard @ np.array(self.coefficients) + self.intercept)))

    def reading(self, window: int, likely: float) -> Reading:
        """Put a window's likelihood into a band."""
        return Reading(window, likely, self.band(likely), self._confidence(likely))

    def band(self, likely: float) -> Band:
        """Give the band of a likelihood."""
        if likely >= self.found:
            return Band.FOUND
        return Band.PERHAPS if likely > self.not_found else Band.NOT_FOUND

    def _confidence(self, likely: float) -> str:
        """Say how often verdicts like this one were right."""
        if likely >= self.sure_found or likely <= self.sure_not_found:
            return "high"
        return "low" if self.not_found < likely < self.found else "fair"


@cache
def load_head(name: str = HEAD, features: tuple[str, ...] = FEATURES) -> Head:
    """Read a head that ships in the package. It knows its features by name and order."""
    head = msgspec.json.decode((files("caseroom.content") / "data" / name).read_bytes(), type=Head)
    assert head.features == features, "fit the head anew with tools/fit_text_head.py"
    return head
