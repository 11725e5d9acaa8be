"""Seeded businesses: entities, laws, keyed noise, policies, tables.

In: a spec, a seed, a policy and a last week. Out: tables that a company would have, and the truth
behind them. The same inputs give byte-identical content on every machine.
"""
