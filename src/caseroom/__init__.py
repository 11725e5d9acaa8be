"""Caseroom: a flight simulator for Data Product Managers.

In: a case kind and a seed. Out: a company whose truth is known, a decision, what would have happened.
"""

__version__ = "0.1.0"
__all__ = ["__version__"]
