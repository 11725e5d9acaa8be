"""Use cases: load, call the core, save, return a view value. Web, CLI and library call these.

In: ports (store, files, sandbox, clock). Out: view values without behavior.
"""
