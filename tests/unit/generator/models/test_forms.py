"""A text is held against the JSON schema of its prompt, wherever it came from."""

from __future__ import annotations

from typing import Any

import pytest

from generator.errors import ModelAnswerInvalid, ModelRefused
from generator.models.fitting import check_fits, check_schema
from generator.prompt import Message, Prompt

SCHEMA = {
    "type": "object",
    "properties": {"symptom": {"enum": ["cough", "fever"]}, "days": {"type": "integer", "minimum": 1}},
    "required": ["symptom", "days"],
    "additionalProperties": False,
}


def prompt(schema: dict[str, Any] | None) -> Prompt:
    return Prompt((Message("user", "Say it."),), schema=schema)


def test_json_that_fits_passes_and_without_a_schema_everything_does() -> None:
    check_fits('{"symptom": "cough", "days": 3}', prompt(SCHEMA), "here")
    check_fits("A cough.", prompt(None), "here")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"symptom": "cough", "days"', "not JSON"),
        ("A cough.", "not JSON"),
        ('{"symptom": "rash", "days": 3}', "symptom"),
        ('{"symptom": "cough", "days": 0}', "days"),
        ('{"symptom": "cough"}', "days"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(text: str, why: str) -> None:
    with pytest.raises(ModelAnswerInvalid, match=why) as caught:
        check_fits(text, prompt(SCHEMA), "http://127.0.0.1:1")
    assert caught.value.place == "http://127.0.0.1:1"


@pytest.mark.parametrize("schema", [{"type": "nonsense"}, {"$ref": "#/nowhere"}], ids=str)
def test_what_is_no_schema_is_refused_before_anything_is_written(schema: dict[str, Any]) -> None:
    with pytest.raises(ModelRefused, match="JSON schema"):
        check_schema(prompt(schema))
