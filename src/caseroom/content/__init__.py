"""Data that the product ships: real tables and texts. No code; see the notes beside each.

In: nothing. Out: files, read through `importlib.resources`.
"""
