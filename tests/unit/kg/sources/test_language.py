from __future__ import annotations

from kg.sources.language import language_of


def test_the_language_follows_from_the_letters() -> None:
    assert [language_of(name) for name in ("cough", "кашель", "β-блокатор")] == ["en", "ru", "ru"]
