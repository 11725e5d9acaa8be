"""Who may use the pages. Local mode has no accounts: one person, one machine, one secret address.

In: requests. Out: the same requests, or a page that says what to do.
"""
