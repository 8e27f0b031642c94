"""What is an id and what is not."""

from __future__ import annotations

import pytest

from kg.errors import RecordRejected
from kg.values import check_curie


@pytest.mark.parametrize("text", ["DOID:9352", "UMLS.SE:C0000001", "ICD10:J20", "NAME:0a1b"])
def test_a_curie_is_an_id(text: str) -> None:
    assert check_curie(text) == text


@pytest.mark.parametrize("text", ["DOID:9352\n", "DOID:", ":9352", "DOID 9352", "DOID:93/52", "D" * 65 + ":1"])
def test_anything_else_is_refused_also_with_a_line_end(text: str) -> None:
    with pytest.raises(RecordRejected, match="is not an id"):
        check_curie(text)
