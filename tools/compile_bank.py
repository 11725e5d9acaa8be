"""Write the compiled question bank and the tables of word order and topics from the content.

In: src/caseroom/content/questions. Out: src/caseroom/content/data/questions.json.gz,
word_order.json and topics.npz. With --check nothing is written; the exit code is 1 when a file is
out of date.

    python tools/compile_bank.py [--check]
"""

import json
import sys
from pathlib import Path

from caseroom.grading.text import topic, word_order
from caseroom.grading.text.vectors import load_vectors
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
    order = json.dumps(word_order.count_order(texts(questions)), separators=(",", ":")) + "\n"
    return {
        COMPILED: compile_bank(questions),
        word_order.TABLE: order.encode(),
        topic.TABLE: topic.count_topics(questions, load_vectors()),
    }


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
