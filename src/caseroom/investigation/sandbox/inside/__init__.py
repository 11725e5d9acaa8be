"""The half of the sandbox that runs inside the locked-down worker process.

In: one open database file and SQL texts over a socket. Out: JSON-ready rows or the engine's error.
Modules here import the standard library and duckdb only: the worker sees no other code.
"""
