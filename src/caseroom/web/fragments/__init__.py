"""The parts of pages that change without loading them again, and the forms behind them.

In: htmx requests and plain form posts. Out: parts of the page, or a redirect to the page in the
same state where JavaScript is off.
"""
