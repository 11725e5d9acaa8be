"""The words that every other folder uses: levels, verticals, competencies, ids, errors, rows.

In: nothing. Out: value types that import nothing of the product.
"""
