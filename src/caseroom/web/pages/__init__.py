"""Whole pages, one module each.

In: a request. Out: HTML that works without JavaScript; `web.fragments` updates parts of it.
"""
