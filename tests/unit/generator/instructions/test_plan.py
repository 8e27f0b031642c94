"""Shares and limits are kept, exactly n rows come, or the builder that ran dry is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.errors import NothingToTell, SharesInvalid, TooFewRows
from generator.instructions.plan import spread
from generator.instructions.run import Ready
from generator.instructions.shares import Share, read_shares

Make = Callable[..., Ready]


def test_rows_are_spread_by_share_to_the_last_one() -> None:
    assert spread({"a": 1, "b": 1, "c": 1}, 10) == {"a": 4, "b": 3, "c": 3}
    assert spread({"a": 3, "b": 1}, 8) == {"a": 6, "b": 2}
    assert sum(spread({"a": 0.1, "b": 7, "c": 2.5}, 1001).values()) == 1001


def test_a_builder_that_runs_dry_is_named(ready_for: Make) -> None:
    with pytest.raises(TooFewRows, match=r"disease_limits lacks 7 of 255"):
        ready_for("disease_limits", "drug_dose", count=510).planner().plan()


def test_others_make_up_for_it_when_they_are_told_to(ready_for: Make) -> None:
    plan = ready_for("disease_limits", "drug_dose", count=510, when_dry="spread").planner().plan()
    assert plan.by_builder == {"disease_limits": 248, "drug_dose": 262}
    assert plan.short == {"disease_limits": 7}
    with pytest.raises(TooFewRows, match="disease_limits"):
        ready_for("disease_limits", count=510, when_dry="spread").planner().plan()


def test_a_case_comes_again_only_in_other_words(ready_for: Make) -> None:
    plan = ready_for("disease_limits", count=900, wordings_per_case=4).planner().plan()
    turns = Counter((row.case.key, row.language) for row in plan.rows)
    assert set(turns.values()) == {3, 4}


def test_a_builder_without_anything_is_left_out_unless_it_was_named(ready_for: Make) -> None:
    plan = ready_for("drug_interactions", "drug_atc").planner().plan()
    assert plan.empty == ("drug_interactions",)
    assert plan.by_builder == {"drug_atc": 20}
    with pytest.raises(NothingToTell, match="drug_interactions"):
        ready_for("drug_interactions", "drug_atc", named=True).planner().plan()


def test_no_disease_is_asked_about_too_often(ready_for: Make) -> None:
    plan = ready_for("disease_symptoms", "symptoms_to_disease", count=300, max_per_disease=2).planner().plan()
    assert max(Counter(row.case.subject for row in plan.rows).values()) == 2


def test_answers_of_fewer_words_are_passed_over(ready_for: Make) -> None:
    ready = ready_for("disease_symptoms", count=20)
    ready.order.shares.builders["disease_symptoms"] = Share(min_answer_words=18)
    planner = ready.planner()
    words = [planner.words(row) for row in planner.plan().rows]
    assert min(len(worded.output.split()) for worded in words if worded) >= 18


def test_the_seed_decides_which_rows_come(ready_for: Make) -> None:
    def keys(seed: int) -> list[str]:
        return [row.case.key for row in ready_for("drug_groups", seed=seed).planner().plan().rows]

    assert keys(1) == keys(1)
    assert keys(1) != keys(2)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("general: 0.2", "no general text is shipped"),
        ("builders: {nothing: {share: 1}}", "no builder 'nothing'"),
        ("builders: {yes_no: {share: -1}}", "builders.yes_no.share"),
        ("builders: {yes_no: {share: 0}}", "none has a share"),
        ("builders: {}", "none has a share"),
        ("when_dry: maybe", "when_dry"),
        ("seeds: 3", "seeds"),
        ("languages: []", "languages"),
        ("languages: [de]", "languages"),
        ("wordings_per_case: 7", "wordings_per_case"),
        ("- 1", "no settings"),
        ("a: [", "no YAML"),
    ],
)
def test_a_file_of_shares_that_breaks_a_rule_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    file = tmp_path / "shares.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(SharesInvalid, match=fault) as told:
        read_shares(file)
    assert told.value.hint
    assert str(file) in (told.value.place or "")


def test_a_file_changes_what_it_names_and_leaves_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "shares.yaml"
    file.write_text("max_per_disease: 3\nbuilders: {yes_no: {share: 2, min_answer_words: 5}}", "utf-8")
    shares = read_shares(file)
    assert shares.builders == {"yes_no": Share(share=2, min_answer_words=5)}
    assert shares.max_per_disease == 3
    assert shares.role_prefix == read_shares().role_prefix


def test_there_is_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(SharesInvalid, match="cannot be read"):
        read_shares(tmp_path / "none.yaml")
