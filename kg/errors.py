"""Every expected failure of the graph, as one tree.

KgError                       base; has `code`, `exit_code`, `place` and `hint`
├── SettingsError             a setting is missing or makes no sense
├── DataError                 a file or a record cannot be used
│   ├── FileUnreadable        missing, no permission, corrupt gzip, wrong encoding
│   └── RecordRejected        one row breaks a rule
├── QueryError                a question cannot be answered as typed
│   ├── QuerySyntaxError      the text is not in the language
│   ├── UnknownWord           a role, kind, edge or property that does not exist
│   ├── UnknownName           no node has that id, code or name
│   ├── AmbiguousName         several nodes have that name
│   └── QueryTooLarge         a limit would be passed
│       └── QuestionTooCostly it would read more of the graph than one question may
├── StoreError                the database did not do what was asked
│   ├── StoreUnavailable      not running, unreachable, wrong password
│   ├── StoreTimeout          the deadline passed
│   └── StoreConflict         somebody changed it first
├── EmbeddedError             the embedded Neo4j cannot be started, stopped or read
├── EmbeddingError            search by meaning has no model
│   ├── NothingEmbedded       no vectors were made, or by another model
│   └── EncoderBusy           too many texts wait for the model
└── CurationError             a proposal cannot take that step
    ├── ProposalNotFound
    └── StepRefused           wrong state, wrong person, or it changed meanwhile
"""

from __future__ import annotations

from typing import ClassVar


class KgError(Exception):
    """An expected failure: what went wrong, where, and what to do next.

    `message` names the cause, `place` the file, line, setting or query position, `hint` the next step.
    """

    code: ClassVar[str] = "KG_ERROR"
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, place: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.hint = hint

    def __str__(self) -> str:
        return "\n".join(part for part in (self.message, self.place, self.hint) if part)


class SettingsError(KgError):
    """A setting is missing or makes no sense."""

    code = "SETTINGS"
    exit_code = 2


class DataError(KgError):
    """A file or a record cannot be used."""

    code = "DATA"
    exit_code = 3


class FileUnreadable(DataError):
    """A file is missing, may not be read, is a corrupt gzip or has another encoding than UTF-8."""

    code = "FILE_UNREADABLE"


class RecordRejected(DataError):
    """One row breaks a rule."""

    code = "RECORD_REJECTED"


class QueryError(KgError):
    """A question cannot be answered as typed.

    `at` is the position in the text (0-based, in characters) when it is known.
    """

    code = "QUERY"
    exit_code = 2

    def __init__(
        self,
        message: str,
        *,
        text: str | None = None,
        at: int | None = None,
        hint: str | None = None,
    ) -> None:
        place = None
        if text is not None and at is not None:
            start = text.rfind("\n", 0, at) + 1
            end = text.find("\n", at)
            line = text[start : len(text) if end < 0 else end]
            place = f"  {line}\n  {' ' * (at - start)}^"
        super().__init__(message, place=place, hint=hint)
        self.at = at


class QuerySyntaxError(QueryError):
    """The text is not in the language."""

    code = "QUERY_SYNTAX"


class UnknownWord(QueryError):
    """A role, kind, edge or property that does not exist."""

    code = "UNKNOWN_WORD"


class UnknownName(QueryError):
    """No node has that id, code or name."""

    code = "UNKNOWN_NAME"


class AmbiguousName(QueryError):
    """Several nodes have that name; `candidates` are their ids and names."""

    code = "AMBIGUOUS_NAME"

    def __init__(
        self,
        message: str,
        *,
        candidates: tuple[tuple[str, str], ...] = (),
        text: str | None = None,
        at: int | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, text=text, at=at, hint=hint)
        self.candidates = candidates


class QueryTooLarge(QueryError):
    """A limit would be passed."""

    code = "QUERY_TOO_LARGE"


class QuestionTooCostly(QueryTooLarge):
    """A question would read more edges than one question may (`MKG_QUESTION_COST`)."""

    code = "QUESTION_TOO_COSTLY"


class StoreError(KgError):
    """The database did not do what was asked."""

    code = "STORE"
    exit_code = 4


class StoreUnavailable(StoreError):
    """Not running, unreachable, or the password is wrong."""

    code = "STORE_UNAVAILABLE"


class StoreTimeout(StoreError):
    """The deadline of a request passed."""

    code = "STORE_TIMEOUT"


class StoreConflict(StoreError):
    """Somebody changed it first."""

    code = "STORE_CONFLICT"
    exit_code = 6


class EmbeddedError(KgError):
    """The embedded Neo4j cannot be started, stopped or read."""

    code = "EMBEDDED"
    exit_code = 4


class EmbeddingError(KgError):
    """Search by meaning has no model."""

    code = "EMBEDDING"
    exit_code = 5


class NothingEmbedded(EmbeddingError):
    """No vectors were made for search by meaning, or another model made them."""

    code = "NOTHING_EMBEDDED"


class EncoderBusy(EmbeddingError):
    """Too many texts wait for the model of search by meaning."""

    code = "ENCODER_BUSY"


class CurationError(KgError):
    """A proposal cannot take that step."""

    code = "CURATION"
    exit_code = 6


class ProposalNotFound(CurationError):
    """No proposal has that id."""

    code = "PROPOSAL_NOT_FOUND"


class StepRefused(CurationError):
    """Wrong state, wrong person, or it changed meanwhile."""

    code = "STEP_REFUSED"
