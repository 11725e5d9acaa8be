"""Keyed, counter-based noise: every draw is a pure function of (seed, purpose, entity, step).

In: integers that name a draw. Out: unsigned 64-bit integers. No draw depends on how many others
were made before it, so two policies share every draw that they do not change, and any partition
of the entities gives the same rows.

Source: the finalizer of SplitMix64 (Steele, Lea, Flood 2014, doi:10.1145/2660193.2660195), applied
once per name. Keyed noise as the way to common random numbers: arXiv 2409.02086.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Bits", "below", "draw", "index", "mix", "spread", "stream", "threshold"]

Bits = NDArray[np.uint64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_STEP = np.uint64(0xD1342543DE82EF95)
_A = np.uint64(0xBF58476D1CE4E5B9)
_B = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S32 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(32)
_MASK = (1 << 64) - 1


def mix(bits: Bits) -> Bits:
    """Scramble 64-bit integers in place (the array given is overwritten and returned)."""
    work = bits >> _S30
    bits ^= work
    bits *= _A
    np.right_shift(bits, _S27, out=work)
    bits ^= work
    bits *= _B
    np.right_shift(bits, _S31, out=work)
    bits ^= work
    return bits


def _mix_int(value: int) -> int:
    value &= _MASK
    value = ((value ^ (value >> 30)) * int(_A)) & _MASK
    value = ((value ^ (value >> 27)) * int(_B)) & _MASK
    return value ^ (value >> 31)


def stream(seed: int, purpose: int) -> int:
    """Give the key of one purpose of one seed (any Python integer is taken modulo 2**64)."""
    return _mix_int(_mix_int(seed + int(_GOLDEN)) + (purpose + 1) * int(_STEP))


def draw(seed: int, purpose: int, entity: Any, step: Any = 0) -> Bits:
    """Give 64 random bits for every (entity, step), broadcast against each other.

    Args:
        seed: The world's seed.
        purpose: What the draw decides; purposes must differ between decisions.
        entity: Integer or integer array of entity numbers (>= 0).
        step: Integer or integer array of step numbers (>= 0).
    """
    key = np.uint64(stream(seed, purpose))
    bits = np.atleast_1d(np.asarray(entity)).astype(np.uint64) * _GOLDEN
    bits += key
    mix(bits)
    steps = (np.atleast_1d(np.asarray(step)).astype(np.uint64) + np.uint64(1)) * _STEP
    return mix(bits + steps)


def spread(bits: Bits, counter: Bits) -> Bits:
    """Give fresh bits for each (parent draw, counter): one finalizer per element."""
    child = counter * _GOLDEN
    child += bits
    return mix(child)


def threshold(probability: Any) -> Bits:
    """Turn probabilities (0..1) into 32-bit thresholds for `below`."""
    scaled = np.clip(np.asarray(probability, dtype=np.float64), 0.0, 1.0) * 4294967296.0
    return scaled.astype(np.uint64)


def below(bits: Bits, probability: Any) -> NDArray[np.bool_]:
    """Decide a Bernoulli draw: true where the upper 32 bits lie below the probability.

    Raising a probability only ever adds successes, so effects of a policy are monotone.
    """
    return (bits >> _S32) < threshold(probability)


def index(bits: Bits, size: int) -> NDArray[np.int64]:
    """Give integers 0..size-1, uniform, from the upper 32 bits (size <= 2**31)."""
    return (((bits >> _S32) * np.uint64(size)) >> _S32).astype(np.int64)
