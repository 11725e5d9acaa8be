"""The methods that the text grader's features fall into, for measuring what each is worth.

In: rows with all features. Out: rows in which the features of the other method are blank.
"""

from __future__ import annotations

import numpy as np
from fit_text_head import Row

from caseroom.grading.text.features import FEATURES

METHODS = {"stems": "by meaning", "meaning": "by stem", "stems and meaning": None}
"""Names of the methods with the features that they do without."""


def chosen(row: Row, method: str) -> Row:
    """Blank out the features that a method does without (a constant earns no coefficient)."""
    without = METHODS[method]
    keep = np.array([not (without and name.endswith(without)) for name in FEATURES])
    values = row.features * keep
    return Row(row.question, row.source, row.answer, row.label, row.weight, values)
