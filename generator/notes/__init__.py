"""From a code to notes: ask, tell the facts, have the model write, check, and write down what came of it."""

from generator.notes.attempts import whole_sentences
from generator.notes.generate import Progress, Target, generate_notes, write_notes
from generator.notes.prepare import Prepared, prepare
from generator.notes.subject import Subject, find_subject, subjects_of
from generator.notes.summary import Summary
from generator.notes.write import Hear, write_note

__all__ = [
    "Hear",
    "Prepared",
    "Progress",
    "Subject",
    "Summary",
    "Target",
    "find_subject",
    "generate_notes",
    "prepare",
    "subjects_of",
    "whole_sentences",
    "write_note",
    "write_notes",
]
