"""Length, story parts and numbers, each with the words that show it."""

from __future__ import annotations

from caseroom.grading.text.structure import structure

STORY = (
    "At my last insurer the claims board did not trust our report. I was asked to find out why. "
    "I pulled two hundred claims by hand and compared them with the table. I then sat with the "
    "clerks and showed them each difference. In the end the error rate fell from 9 percent to 2 "
    "percent within six weeks. Since then I check a sample every month, and it caught a fault in "
    "May."
)


def parts(text: str) -> dict[str, int]:
    """Give the score of each story part."""
    looks = structure(text, tells_story=True, minutes=3)
    return {part.part: part.score for part in looks.story}


def test_a_whole_story_has_all_parts():
    """Situation, task, own action, result with comparison, and learning are each found."""
    assert parts(STORY) == dict.fromkeys(parts(STORY), 2) | {"task": 2}


def test_a_result_without_comparison_is_half():
    """A result that is compared with nothing scores one of two and says so."""
    text = STORY.replace("fell from 9 percent to 2 percent within six weeks", "improved a lot")
    assert parts(text)["result"] == 1


def test_a_compared_number_after_an_action_is_a_result():
    """How it was some weeks later, or in another place, is a result without a word that says so."""
    told = "At a studio I made the form shorter. {0} I would ask the editors first today."
    for result in (
        "After six weeks clearing took two days instead of seven.",
        "By Christmas 131 sites had one avoided breakdown each.",
        "Delays were down 23 percent versus 3 on the other trains.",
    ):
        assert parts(told.format(result))["result"] > 0, result
    assert parts(told.format("Everybody was glad about it."))["result"] == 0
    before = "Delays were 23 percent versus 3 on the other trains. I made the form shorter."
    assert parts(before)["result"] == 0


def test_telegram_style_tells_actions():
    """A sentence that begins with what was done is an own action, one with "Indeed" is none."""
    assert parts("Ward was short of beds. Sat with the nurses for a day.")["action"] > 0
    assert parts("Ward was short of beds. Indeed it was. Based on that it was hard.")["action"] == 0


def test_we_in_place_of_i_is_pointed_out():
    """A story that the team did all of is asked whose steps they were."""
    text = STORY.replace("I ", "We ").replace("my ", "our ")
    looks = structure(text, tells_story=True, minutes=3)
    assert any(line.startswith("Voice:") for line in looks.advice)


def test_no_story_is_asked_of_a_technical_question():
    """Other questions get length and numbers only."""
    looks = structure(STORY, tells_story=False, minutes=3)
    assert looks.story == ()
    assert looks.numbers


def test_an_answer_without_numbers_is_told_where_to_put_one():
    """The prompt for a number names the sentence after which it belongs."""
    looks = structure("We talked to people. They were glad.", tells_story=False, minutes=3)
    assert any("They were glad" in line for line in looks.advice if line.startswith("Numbers"))


def test_a_long_answer_names_the_sentence_to_cut():
    """Much more than the minutes of the question is called too long, with a place to cut."""
    looks = structure(STORY * 12, tells_story=False, minutes=2)
    assert any(line.startswith("Length: about") for line in looks.advice)


def test_quotes_are_verbatim():
    """Every number and comparison is a stretch of the text."""
    looks = structure(STORY, tells_story=True, minutes=3)
    for span in (*looks.numbers, *looks.comparisons):
        assert STORY[span.start : span.end] == span.quote
