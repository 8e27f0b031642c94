"""WHO ICD-10 in ClaML, the XML of classifications, with the names of the user's own file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from kg.schema import LANGUAGES
from kg.sources.cells import short
from kg.sources.checked import checked, fault
from kg.sources.format import Files, Format, Head, Part, Slot, Text
from kg.sources.heads import version_in
from kg.sources.icd_tree import code_node, some_synonyms, usual_code
from kg.sources.left_out import LeftOut
from kg.sources.origin import Origin
from kg.sources.records import Place, Problem, Record
from kg.sources.xml_events import Closed, Opened, xml_events
from kg.values import MAX_NAME, Edge

_SYSTEM: Final = "ICD10"
_ICD: Final = re.compile(r"icd[-_ ]?10(?!\d)", re.IGNORECASE)
_TITLE: Final = re.compile(r"<Title\b[^>]*\bversion\s*=\s*[\"']([\w.\- ]{1,20})[\"']")
_KINDS: Final = ("chapter", "block", "category")
_LANGUAGE: Final = "xml:lang"


@dataclass(slots=True)
class _Class:
    """A class, or a class of a modifier, as far as it is read."""

    code: str
    told: str
    line: int
    wider: str = ""
    usage: str = ""
    names: dict[str, str] = field(default_factory=dict[str, str])
    terms: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    modifiers: list[tuple[str, frozenset[str]]] = field(default_factory=list[tuple[str, frozenset[str]]])
    excluded: set[str] = field(default_factory=set[str])


@dataclass(slots=True)
class _Document:
    """Everything that is kept until the end: modifiers are told apart from the classes that they make."""

    classes: dict[str, _Class] = field(default_factory=dict[str, _Class])
    modifiers: dict[str, list[_Class]] = field(default_factory=dict[str, list[_Class]])
    problems: list[Problem] = field(default_factory=list[Problem])
    left_out: LeftOut = field(default_factory=LeftOut)


def read(text: Text, origin: Origin) -> Iterator[Record]:
    """Yield chapters, blocks and categories with PART_OF, inclusion terms as a few synonyms.

    A modifier of the fourth character makes the codes that it stands for, named `category, modifier`, where the file
    has no such class. Those of the fifth character (where in the body, how it came about) and the marks of dagger and
    asterisk are told as skipped.
    """
    document = _Document()
    yield from _parsed(text, document)
    evidence = origin.evidence(f"{origin.source} classes")
    _modified(text, document)
    for each in document.classes.values():
        place = Place(text.name, each.line)
        if each.usage:
            document.left_out.add(place, "usage-not-held", each.code, "dagger and asterisk marks are not kept")
        if not each.names:
            yield fault(place, "empty-name", each.code, f"{each.code} has no preferred name", "Fetch the file again.")
            continue
        synonyms = {
            language: found
            for language, terms in each.terms.items()
            if (found := some_synonyms(each.names.get(language, ""), terms))
        }
        yield checked(code_node(_SYSTEM, each.code, each.names, synonyms), place)
        if not each.wider:
            continue
        wider = usual_code(_SYSTEM, each.wider)
        if wider in document.classes:
            yield checked(Edge("PART_OF", f"{_SYSTEM}:{each.code}", f"{_SYSTEM}:{wider}", (evidence,)), place)
        else:
            message = f"there is no class {short(each.wider)!r}, in which {each.code} lies"
            yield fault(place, "unknown-parent", each.wider, message, "Fetch the whole file.")
    yield from document.problems
    yield from document.left_out.told()


def _parsed(text: Text, document: _Document) -> Iterator[Problem]:
    """Fill the document; yield what is damaged."""
    current: _Class | None = None
    rubric = ""
    language = "en"
    valid: set[str] = set()
    modifier = ""
    for event in xml_events(text, whole=("Label",)):
        match event:
            case Problem():
                yield event
                return
            case Opened("Class" | "ModifierClass", told, line):
                current = _opened(event, text.name, document)
            case Opened("SuperClass", told) if current:
                current.wider = told.get("code", "")
            case Opened("Rubric", told):
                rubric = told.get("kind", "")
            case Opened("Label", told):
                language = told.get(_LANGUAGE, "en").partition("-")[0].lower()
            case Opened("ModifiedBy", told):
                modifier, valid = told.get("code", ""), set()
            case Opened("ValidModifierClass", told):
                valid.add(told.get("code", ""))
            case Opened("ExcludeModifier", told) if current:
                current.excluded.add(told.get("code", ""))
            case Closed("ModifiedBy") if current:
                current.modifiers.append((modifier, frozenset(valid)))
            case Closed("Label", words, line) if current and words:
                if language not in LANGUAGES:
                    why = f"names in the language {short(language)!r} are not kept"
                    document.left_out.add(Place(text.name, line), f"language-{short(language)}", words, why)
                elif rubric == "preferred":
                    current.names.setdefault(language, words)
                elif rubric == "inclusion":
                    current.terms.setdefault(language, []).append(words)
            case Closed("Class" | "ModifierClass"):
                current = None
            case Closed("Rubric"):
                rubric = ""
            case _:
                pass


def _opened(event: Opened, file: str, document: _Document) -> _Class | None:
    told = event.attributes.get("code", "")
    if event.name == "ModifierClass":
        found = _Class(told, told, event.line)
        document.modifiers.setdefault(event.attributes.get("modifier", ""), []).append(found)
        return found
    code = usual_code(_SYSTEM, told)
    place = Place(file, event.line, "code")
    if code is None or event.attributes.get("kind") not in _KINDS:
        message = f"{short(told)!r} is not a chapter, block or category of ICD-10"
        document.problems.append(fault(place, "icd-form", told, message, "Is it another classification?"))
        return None
    if code in document.classes:
        problem = fault(place, "code-twice", code, f"{code} is told a second time", "Keep one of the two.")
        document.problems.append(problem)
        return None
    found = document.classes[code] = _Class(code, told, event.line, usage=event.attributes.get("usage", ""))
    return found


def _modified(text: Text, document: _Document) -> None:
    """Add the classes that modifiers of the fourth character make."""
    for category in [each for each in document.classes.values() if _is_category(each.code)]:
        for modifier, valid in _modifiers(category, document.classes):
            for suffix in document.modifiers.get(modifier, ()):
                if not suffix.told.startswith("."):
                    why = "modifiers of the fifth character are not kept"
                    place = Place(text.name, suffix.line)
                    document.left_out.add(place, "modifier-not-held", f"{category.code}{suffix.told}", why)
                    continue
                code = usual_code(_SYSTEM, category.code + suffix.told)
                if code is None or code in document.classes or (valid and suffix.told not in valid):
                    continue
                names = {
                    language: f"{name}, {suffix.names[language]}"[:MAX_NAME]
                    for language, name in category.names.items()
                    if language in suffix.names
                }
                document.classes[code] = _Class(code, code, category.line, wider=category.code, names=names)


def _is_category(code: str) -> bool:
    return len(code) == 3 and code[1:].isdecimal()


def _modifiers(category: _Class, classes: Mapping[str, _Class]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the modifiers of a category: its own and those of the blocks and the chapter around it."""
    excluded: set[str] = set()
    passed: set[str] = set()
    at: _Class | None = category
    while at is not None and at.code not in passed:
        passed.add(at.code)
        excluded |= at.excluded
        for modifier, valid in at.modifiers:
            if modifier not in excluded:
                excluded.add(modifier)
                yield modifier, valid
        at = classes.get(usual_code(_SYSTEM, at.wider) or "")


def _plan(files: Files) -> Sequence[Part]:
    (text,) = files["classification"]
    found = _TITLE.search(next(iter(text.pieces()), ""))
    version = found[1] if found else version_in(text.name)
    origin = Origin("icd10-claml", version, "copyright WHO, not to be passed on", "ICD-10, World Health Organization")
    return (origin.part(partial(read, text, origin)),)


def _is_claml(head: Head) -> bool:
    beginning = head.text[:8192]
    return "<ClaML" in beginning and _ICD.search(beginning) is not None


FORMAT: Final = Format(
    "icd10-claml",
    "WHO ICD-10 in ClaML",
    "Copyright WHO: bring your own file, and do not pass on what is made of it.",
    (Slot("classification", "the classification, ClaML XML", _is_claml),),
    _plan,
)
