"""Language models over HTTP: configuration, two wire formats, one client.

In: what the person configured. Out: endpoints for the judge; without an address nothing is sent.
"""
