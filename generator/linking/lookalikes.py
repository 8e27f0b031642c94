"""Words that are a typo's breadth from a name of the graph and are words of their own.

Taken from the words people use most, by hand: those that would be read as a name of one word, and other drugs. A
Russian word stands for all its forms.
"""

from __future__ import annotations

from typing import Final

from generator.linking.inflection import stem_of

_ENGLISH: Final = """
    diving crushing anaesthetist anaesthetists anesthetist anesthetists
    aesthetics afebrile allegri allegro aspiring blasters bleating blends boating bolstering braised breeding
    breeds bruiser cackling catalonia catatonic cavite chiles chilli chilly clobetasone clough conclusions
    concussions constituted constitution constitutions consummation contusion conversions creator creators crested
    crests cruising crushed delusional distrusted ditching euphoric fainter fallin floating fluorine gloating
    globes guilty hitching incentives inches inching indignation inflected inflection insomniac inspections
    intentions invective invitation invitations irrigation lyrical lyrics meaningless meatless melina mingling
    morphing nightmarish nimodipine pacino paging panning parenthesis paring parlor parlors parting paving paying
    ponting prednisone prostrate puffin purring repressed repression repressive retinal sabine saxagliptin
    scalding sciatic scoring screeching seating shaded shades shaken shaker shakers shakin shoring slivers snakes
    snaking snares sneering snorting snorts snowing soaking sporting sports spouting spouts stakes staking statics
    stations storing stretching strider subfebrile swearing swears sweaty teaming teasing thrash thrust thrusts
    tidings tiered tigress tiling trevor trusting
"""
_RUSSIAN: Final = """
    анилин люмбальный периметрия анестезист анестетик
    агония алкоголиком алкоголичка апатиты базарной базисных беглый бедности безразлично бесплодной ведения
    волчонок вызвал вырваны вырвать высыхания главкома грустно дикарей дорсальной дрожжи заборы заезды заторы
    интерьеров кабель капель клобетазон комары комедии крестовый крестом кровопотери лексикон магнита мантия
    мокрое молочник морена морфий морщины насмарку обезболивания обезвреживания обмотки оправился отклонился
    падаем падаешь подают поднос подогрев понравился поплатился попросился потереть потечет преднизон прилип
    приличия примадонна пролива пролил пролить прошли психоаналитик пурпурный пустили раздражители ревела
    репрессий ритуальных свинца свитка скепсис сладости сместить сопливый старинные точности трусость туризма
    удвоение хранить хрипит хромова хромосом читает
"""

LOOKALIKES: Final = frozenset(_ENGLISH.split()) | {stem_of(word) for word in _RUSSIAN.split()}
