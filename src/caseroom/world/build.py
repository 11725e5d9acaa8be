"""Build a world of any size as Parquet shards, in parallel, in bounded memory.

In: world id, seed, number of accounts, partitions, a folder. Out: one folder per table with a shard
per partition, `manifest.json`, and figures. Blocks are simulated one at a time and each has a
digest, so the checksum depends on the content alone, never on the number of partitions.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from caseroom.vocabulary.errors import CaseroomError
from caseroom.world.columns import arrow, digest, sheet_rows
from caseroom.world.registry import World, load_world

__all__ = ["build_world"]

LARGEST = 50_000_000
"""Accounts at most: account numbers stay below 2**31."""

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What one partition made: digests of its blocks in order, rows by table, figures."""

    number: int
    digests: tuple[bytes, ...]
    rows: Mapping[str, int]
    cpu_seconds: float
    peak_rss_bytes: int


def _quiet(_what: str, _share: float) -> None:
    """Tell nobody."""


def build_world(
    world_id: str,
    *,
    seed: int,
    accounts: int,
    partitions: int,
    out: Path,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Build a world into `out`.

    Args:
        world_id: A registered world.
        seed: Any whole number from 0.
        accounts: Number of accounts, 1 to LARGEST.
        partitions: Into how many shards the accounts are split; as many processes as there are
            processors work on them.
        out: A folder that does not exist or is empty.
        progress: Told what is done.

    Returns:
        rows (of events), table_rows, seconds, cpu_seconds, rows_per_cpu_second,
        peak_rss_bytes (of the largest process), checksum, partitions.

    Raises:
        CaseroomError: For numbers out of range or a folder that is not empty.
    """
    world = load_world(world_id)
    _check(seed, accounts, partitions, out)
    started = time.perf_counter()
    own_cpu = time.process_time()
    out.mkdir(parents=True, exist_ok=True)
    jobs = [
        (world_id, seed, accounts, number, blocks_of, str(out))
        for number, blocks_of in enumerate(_split(world, accounts, partitions))
    ]
    parts = _run(jobs, progress or _quiet)
    figures = _figures(world, parts, started, own_cpu)
    manifest = {
        "world": f"{world.id}-v{world.version}",
        "accounts": accounts,
        "table_rows": figures["table_rows"],
        "checksum": figures["checksum"],
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return figures | {"partitions": partitions}


def _check(seed: int, accounts: int, partitions: int, out: Path) -> None:
    if not 0 <= seed < 2**63:
        raise CaseroomError(f"The seed {seed} is out of range.", allowed="0 to 2**63 - 1")
    if not 1 <= accounts <= LARGEST:
        raise CaseroomError(
            f"{accounts:,} accounts cannot be built.", allowed=f"1 to {LARGEST:,} accounts"
        )
    if not 1 <= partitions <= 1024:
        raise CaseroomError(f"{partitions} partitions cannot be made.", allowed="1 to 1024")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise CaseroomError(
            f"{out} is not an empty folder.", next_step="choose a new folder for --out."
        )


def _split(world: World, accounts: int, partitions: int) -> Sequence[tuple[int, int]]:
    """Split the blocks into partitions: (first block, block after the last) of each."""
    count = sum(1 for _ in world.blocks(accounts))
    edges = np.linspace(0, count, partitions + 1).round().astype(int)
    return [(int(a), int(b)) for a, b in pairwise(edges)]


def _run(jobs: Sequence[tuple[Any, ...]], progress: Progress) -> list[_Part]:
    """Run partitions in fresh processes; one partition alone runs here."""
    if len(jobs) == 1:
        parts = [_partition(*jobs[0])]
        progress("Partition 1 of 1", 1.0)
        return parts
    context = multiprocessing.get_context("spawn")
    workers = min(len(jobs), os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        futures = [pool.submit(_partition, *job) for job in jobs]
        for done, _ in enumerate(as_completed(futures), start=1):
            progress(f"Partition {done} of {len(jobs)}", done / len(jobs))
        return [future.result() for future in futures]


def _partition(
    world_id: str, seed: int, accounts: int, number: int, edges: tuple[int, int], out: str
) -> _Part:
    """Simulate and write the blocks of one partition."""
    before = time.process_time()
    world = load_world(world_id)
    blueprint = world.draw(seed, accounts)
    writers: dict[str, pq.ParquetWriter] = {}
    rows: dict[str, int] = {}
    digests: list[bytes] = []
    for ids in _some(world, accounts, edges):
        sheets = world.sheets(blueprint, world.nothing, world.today, ids)
        for name, sheet in sheets.items():
            digests.append(digest(sheet))
            rows[name] = rows.get(name, 0) + sheet_rows(sheet)
            _write(writers, Path(out) / name / f"part-{number:04d}.parquet", name, arrow(sheet))
    for writer in writers.values():
        writer.close()
    return _Part(
        number=number,
        digests=tuple(digests),
        rows=rows,
        cpu_seconds=time.process_time() - before,
        peak_rss_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    )


def _some(world: World, accounts: int, edges: tuple[int, int]) -> list[NDArray[np.int64]]:
    first, last = edges
    return [ids for block, ids in enumerate(world.blocks(accounts)) if first <= block < last]


def _write(writers: dict[str, pq.ParquetWriter], path: Path, name: str, table: pa.Table) -> None:
    """Append a block as a row group. Integers and times as deltas, words as a dictionary."""
    if name not in writers:
        path.parent.mkdir(parents=True, exist_ok=True)
        coded = [f.name for f in table.schema if pa.types.is_dictionary(f.type)]
        plain = {
            f.name: "DELTA_BINARY_PACKED"
            for f in table.schema
            if pa.types.is_integer(f.type) or pa.types.is_temporal(f.type)
        }
        writers[name] = pq.ParquetWriter(
            path,
            table.schema,
            compression="zstd",
            compression_level=1,
            use_dictionary=coded,  # pyright: ignore[reportArgumentType] (names are allowed)
            column_encoding=plain,
            write_statistics=False,
        )
    writers[name].write_table(table)


def _figures(
    world: World, parts: Sequence[_Part], started: float, own_cpu: float
) -> dict[str, Any]:
    table_rows: dict[str, int] = {}
    total = hashlib.blake2b(digest_size=16)
    for part in sorted(parts, key=lambda p: p.number):
        for block in part.digests:
            total.update(block)
        for name, count in part.rows.items():
            table_rows[name] = table_rows.get(name, 0) + count
    alone = len(parts) == 1
    cpu = time.process_time() - own_cpu + (0 if alone else sum(p.cpu_seconds for p in parts))
    events = table_rows.get(world.events, 0)
    return {
        "rows": events,
        "table_rows": table_rows,
        "seconds": round(time.perf_counter() - started, 3),
        "cpu_seconds": round(cpu, 3),
        "rows_per_cpu_second": round(events / max(cpu, 1e-9)),
        "peak_rss_bytes": max(
            [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024]
            + [part.peak_rss_bytes for part in parts]
        ),
        "checksum": total.hexdigest(),
    }
