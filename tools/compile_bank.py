"""Write the compiled question bank and the table of word order from the reviewed content.

In: src/caseroom/content/questions. Out: src/caseroom/content/data/questions.json.gz and
word_order.json. With --check nothing is written; the exit code is 1 when a file is out of date.

    python tools/compile_bank.py [--check]
"""

import json
import sys
from pathlib import Path

from caseroom.grading.text.word_order import TABLE, count_order
from caseroom.questions.bank import COMPILED, compile_bank
from caseroom.questions.source import read_source

CONTENT = Path(__file__).parent.parent / "src/caseroom/content"


def texts(questions):
    """Give the prose of the bank whose word order is counted (no anchors: they are test data)."""
    for question in questions:
        yield question.model_answer
        for point in question.points:
            yield from (*point.says, *point.near_miss)


def compiled():
    """Give the bytes of each file by its name."""
    questions = read_source(CONTENT / "questions")
    order = json.dumps(count_order(texts(questions)), separators=(",", ":")) + "\n"
    return {COMPILED: compile_bank(questions), TABLE: order.encode()}


def main(check):
    """Write or compare the files."""
    stale = []
    for name, content in compiled().items():
        path = CONTENT / "data" / name
        if check:
            stale += [name] if not path.exists() or path.read_bytes() != content else []
        else:
            path.write_bytes(content)
            print(f"{name}: {len(content)} bytes")
    if stale:
        sys.exit(f"Out of date: {', '.join(stale)}. Run `python tools/compile_bank.py`.")


if __name__ == "__main__":
    main(sys.argv[1:] == ["--check"])
