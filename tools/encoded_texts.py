"""Remember encoded texts in a file, for the fit of the semantic head.

In: an encoder and the path of a SQLite file. Out: an encoder that asks the models once per text.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np

from caseroom.grading.text.semantic_models import Encoder, Meaning

WIDTH = 384
"""Numbers in a vector of either model."""


def remembered(encode: Encoder, path: Path) -> Encoder:
    """Give the same encoder with a memory; delete the file when the models change."""
    store = sqlite3.connect(path, isolation_level=None)
    store.execute("PRAGMA journal_mode=WAL")
    store.execute("CREATE TABLE IF NOT EXISTS e (k TEXT PRIMARY KEY, w BLOB, t BLOB)")

    def recall(text: str) -> Meaning:
        row = store.execute("SELECT w, t FROM e WHERE k = ?", (text,)).fetchone()
        if row:
            pieces = np.frombuffer(row[1], np.float16).astype(np.float32)
            return Meaning(np.frombuffer(row[0], np.float32), pieces.reshape(-1, WIDTH))
        meaning = encode(text)
        packed = (meaning.whole.tobytes(), meaning.tokens.astype(np.float16).tobytes())
        store.execute("INSERT OR REPLACE INTO e VALUES (?, ?, ?)", (text, *packed))
        return meaning

    return recall
