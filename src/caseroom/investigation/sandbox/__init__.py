"""A candidate's SQL, run in locked-down worker processes.

In: a case's database and a SQL text. Out: a page of rows, or a refusal in our words.

Read next: `pool` (who runs what), `process` (one worker from outside), `inside` (the worker).
"""

from caseroom.investigation.sandbox.isolation import Isolation, Limits
from caseroom.investigation.sandbox.pool import SandboxPool, SandboxResult
from caseroom.investigation.sandbox.refusals import QueryRefused

__all__ = ["Isolation", "Limits", "QueryRefused", "SandboxPool", "SandboxResult"]
