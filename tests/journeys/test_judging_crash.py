"""`kill -9` while a language model is asked: the judgment is told as interrupted."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import toy_kind
from caseroom.adapters.models.configured import ConfiguredModels
from caseroom.bootstrap import open_caseroom
from caseroom.questions.bank import find_question
from caseroom.service.practice import finish_attempt, hand_in_part, start_attempt
from caseroom.service.second_opinion import OpinionState, judge_attempt, latest_opinion
from toy_models import Asked, ModelServer, Said, verdicts

TOY = Path(toy_kind.__file__).with_name("toy_cli.py")
PATIENCE = 60.0


class Silent:
    """Says nothing until it is told to."""

    def __init__(self) -> None:
        self.asked, self.end = threading.Event(), threading.Event()

    def turn(self, asked: Asked) -> Said:
        """Wait, then judge."""
        self.asked.set()
        self.end.wait(PATIENCE)
        return verdicts({})(asked)


def test_a_killed_judgment_is_interrupted(data_dir: Path) -> None:
    """Running while its process lives, interrupted after it was killed, and asked for again."""
    with open_caseroom(data_dir) as app:
        attempt_id = start_attempt(app, "Q001").card.id
        words = find_question("Q001").anchor("strong").text
        hand_in_part(app, attempt_id, "answer", words, seconds=60)
        finish_attempt(app, attempt_id)
    silent = Silent()
    with closing(ModelServer("openai", [silent.turn])) as server, open_caseroom(data_dir) as app:
        settings = {"CASEROOM_MODEL_URL": server.address, "CASEROOM_MODEL_NAME": "toy"}
        command = [sys.executable, str(TOY), "--data-dir", str(data_dir), "model", "judge", "last"]
        with subprocess.Popen(command, env=os.environ | settings) as process:
            assert silent.asked.wait(PATIENCE)
            during = latest_opinion(app, attempt_id, "answer")
            process.kill()
        after = latest_opinion(app, attempt_id, "answer")
        silent.end.set()
        again = judge_attempt(replace(app, models=ConfiguredModels(data_dir, settings)), attempt_id)

    assert during is not None
    assert after is not None
    assert (during.state, after.state) == (OpinionState.RUNNING, OpinionState.INTERRUPTED)
    assert (again.state, again.number) == (OpinionState.DONE, after.number + 1)
