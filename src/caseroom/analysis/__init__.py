"""The toolkit: estimates with intervals, n, method, assumptions and warnings; never bare floats.

In: sums and counts that one query gives. Out: result objects. Works on any data.
"""
