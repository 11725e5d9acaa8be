"""What a person takes away: tables as CSV, Parquet or DuckDB, and the case as a notebook.

In: results, a company's database, a brief with its queries and pins. Out: bytes and files.
"""
