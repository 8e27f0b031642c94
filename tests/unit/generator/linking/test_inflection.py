"""The forms of a word share a stem, and other words do not."""

from __future__ import annotations

import pytest

from generator.linking.inflection import stem_of

TOGETHER = [
    "кашель кашля кашлю кашлем кашле",
    "отек отека отеком отеки отеков отеками",
    "головная головной головную головные головных",
    "боль боли болью болями болей болях",
    "бронхит бронхита бронхитом бронхиты бронхитах",
    "тахикардия тахикардии тахикардию тахикардией",
    "снижение снижения снижением снижении",
    "хронический хронического хроническая хронические хроническим",
    "синдром синдрома синдромом синдромы",
    "страх страха страхом страхи",
    "диарея диареи диарею диареей",
    "палец пальца пальцы пальцев пальцами",
    "ногти ноготь ногтя ногтей",
    "тиотропий тиотропия тиотропием",
    "лозартан лозартана лозартаном лозартане",
    "рот рта рту рте",
    "ухо уха ухе уши ушах",
    "болит болят",
    "кашляет кашляют кашлял кашляла",
    "появился появилась появились",
    "cough coughs",
    "haemorrhage hemorrhage haemorrhages",
    "oedema edema",
    "tumour tumor tumours",
    "diarrhoea diarrhea",
    "sulphate sulfate",
]
APART = [
    ("день", "дона"),
    ("мл", "мелена"),
    ("боль", "более"),
    ("живот", "живет"),
    ("кал", "калий"),
    ("нос", "носовой"),
    ("бели", "белый"),
    ("снижение", "сниженный"),
    ("hypertension", "hypotension"),
]


@pytest.mark.parametrize("forms", TOGETHER)
def test_the_forms_of_a_word_share_their_stem(forms: str) -> None:
    assert len({stem_of(form) for form in forms.split()}) == 1, {form: stem_of(form) for form in forms.split()}


@pytest.mark.parametrize("words", APART)
def test_different_words_keep_different_stems(words: tuple[str, str]) -> None:
    assert stem_of(words[0]) != stem_of(words[1])
