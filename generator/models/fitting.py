"""Whether a text fits the JSON schema of its prompt, wherever it came from."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from typing import Any, Final

from generator.errors import ModelAnswerInvalid, ModelRefused
from generator.models.libraries import check_installed
from generator.prompt import Prompt

HINT: Final = "Run `uv sync --group model` or install mkg[llm]."


def check_fits(text: str, prompt: Prompt, place: str) -> None:
    """Raise ModelAnswerInvalid when the prompt has a schema and the text is not JSON that fits it; `place` is told."""
    if prompt.schema is None:
        return
    try:
        value = json.loads(text)
    except ValueError as error:
        raise ModelAnswerInvalid(
            f"the model's text is not JSON: {error}",
            place=place,
            hint="A text that was cut off needs a higher max_new_tokens.",
        ) from error
    fault = next(_validator(prompt.schema).iter_errors(value), None)
    if fault is not None:
        where = "/".join(str(step) for step in fault.instance_path) or "the whole"
        raise ModelAnswerInvalid(
            f"the model's JSON does not fit its schema: {where}: {fault.message[:200]}",
            place=place,
            hint="Take a server that keeps to json_schema, or a local model.",
        )


def check_schema(prompt: Prompt) -> None:
    """Raise ModelMissing or ModelRefused when the prompt has a schema that cannot be checked."""
    if prompt.schema is not None:
        _validator(prompt.schema)


def _validator(schema: Mapping[str, Any]) -> Any:
    check_installed(("jsonschema_rs",), "text by a JSON schema", HINT)
    library = importlib.import_module("jsonschema_rs")
    try:
        return library.Draft202012Validator(dict(schema))
    except (library.ValidationError, library.ReferencingError, ValueError) as error:
        raise ModelRefused(
            f"the JSON schema is not one: {str(error).splitlines()[0]}",
            hint="Write it by JSON Schema 2020-12.",
        ) from error
