"""The subscription business: accounts sign up, set up, use the product, pay and leave.

In: a `Blueprint` (what is planted), a `Policy` (what the company does), a last week.
Out: lives of accounts, tables, outcomes.
"""
