"""What the operating system lets the worker process use.

In: a memory size. Out: resource limits on this process, which it cannot raise again.
"""

from __future__ import annotations

import resource

__all__ = ["allow_seconds", "forbid_new_processes", "limit_process"]


def limit_process(address_space: int) -> None:
    """Bound the address space (bytes); forbid written files and core dumps; keep few open files.

    The engine's own memory limit covers its buffer manager only, so a list function could take
    the whole machine; the address space is the wall that holds.
    """
    _set(resource.RLIMIT_AS, address_space)
    _set(resource.RLIMIT_FSIZE, 0)
    _set(resource.RLIMIT_CORE, 0)
    _set(resource.RLIMIT_NOFILE, 64)


def forbid_new_processes() -> None:
    """Forbid further processes and threads. Call it once the engine's threads run.

    The kernel does not apply this limit to the superuser.
    """
    if hasattr(resource, "RLIMIT_NPROC"):
        _set(resource.RLIMIT_NPROC, 0)


def allow_seconds(seconds: float, threads: int) -> None:
    """Let this process use CPU for one more query; past that the kernel ends it.

    Only the soft limit moves. It is the last wall, should nobody be left to end a runaway query.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + (seconds + 5.0) * (threads + 1)) + 1
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _set(limit: int, value: int) -> None:
    """Lower one limit for good; a stricter one that is already there stays."""
    _soft, hard = resource.getrlimit(limit)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(limit, (value, value))
