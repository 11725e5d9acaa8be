"""What implements the ports of `caseroom.service`: the progress store, the data folder, the clock.

In: ports. Out: adapters that only `caseroom.bootstrap` names.
"""
