"""`mkg ask` without a database: the formatter, completion, slots."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from kg.errors import KgError
from mkg.cli.main import app


def run(*words: str) -> str:
    ran = CliRunner().invoke(app, ["ask", *words])
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return ran.stdout


def test_the_formatter_prints_one_form_and_keeps_remarks() -> None:
    told = run('# why\n disease  "J20"|symptoms where not weight<0.5   without children', "--format")
    assert told == '# why\ndisease "J20" | symptoms where not weight < 0.5 without children\n'


def test_completion_prints_what_may_follow() -> None:
    assert run('disease "J20" | sy', "--complete").startswith("symptoms  HAS_SYMPTOM to Symptom")
    (item,) = json.loads(run('disease "J20" | sy', "--complete", "--json"))
    assert item == {"text": "symptoms", "what": "role", "meaning": "HAS_SYMPTOM to Symptom"}


@pytest.mark.parametrize("given", [["code"], ["=x"], ["code=a", "--set", "code=b"]])
def test_what_is_set_wrongly_is_refused_before_anything_starts(given: list[str]) -> None:
    with pytest.raises(KgError) as caught:
        run("disease $code", "--set", *given)
    assert caught.value.exit_code == 2
    assert caught.value.hint
