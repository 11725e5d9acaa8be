"""One folder per case kind: each exposes `kind() -> CaseKind`."""
