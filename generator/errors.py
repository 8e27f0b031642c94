"""Every expected failure of the generator, as one tree.

GeneratorError                base, a KgError; exit code 5
├── RecipeInvalid             a recipe or an example file breaks a rule, or there is none of that name
├── NothingToTell             the graph has no disease or no fact for the code, or limits that contradict
├── TableInvalid              a CSV table cannot be read: counts, a plan, codes or a population
├── PlanImpossible            a budget cannot be spread as it was asked for
├── TooFewPatients            fewer different patients could be drawn than were asked for
├── SharesInvalid             the shares and limits of instruction data break a rule
├── TooFewRows                fewer different rows of instruction data could be made than were asked for
├── RowsInvalid               a file of rows cannot be read, or a line of it is no note
├── TrainingInvalid           an option of a fine-tuning makes no sense
├── GraphChanged              the graph took a change set while the notes were being written
├── OutputRefused             the file to write belongs to another run, is open elsewhere or cannot be written
└── ModelError                no text could be had from the model
    ├── ModelMissing          no model of that name, folder or file; a package is not installed
    ├── ModelRefused          a folder or file that is not safe to load or not of a kind that is supported
    ├── ModelUnavailable      the server does not answer, is too slow or says no
    ├── ModelAnswerInvalid    the server answered something that is not a chat completion
    └── ModelStopped          whoever asked for the text does not want it any more
"""

from __future__ import annotations

from kg.errors import KgError


class GeneratorError(KgError):
    """Notes could not be written."""

    code = "GENERATOR"
    exit_code = 5


class RecipeInvalid(GeneratorError):
    """A recipe or an example file breaks a rule, or there is none of that name."""

    code = "RECIPE_INVALID"


class NothingToTell(GeneratorError):
    """The graph has no disease or no fact for the code, or limits that contradict each other."""

    code = "NOTHING_TO_TELL"


class TableInvalid(GeneratorError):
    """A CSV table cannot be read: counts, a plan, codes or a population."""

    code = "TABLE_INVALID"
    exit_code = 3


class PlanImpossible(GeneratorError):
    """A budget cannot be spread as it was asked for."""

    code = "PLAN_IMPOSSIBLE"
    exit_code = 2


class TooFewPatients(GeneratorError):
    """Fewer different patients could be drawn than were asked for."""

    code = "TOO_FEW_PATIENTS"


class SharesInvalid(GeneratorError):
    """The shares and limits of instruction data break a rule."""

    code = "SHARES_INVALID"
    exit_code = 2


class TooFewRows(GeneratorError):
    """Fewer different rows of instruction data could be made than were asked for."""

    code = "TOO_FEW_ROWS"


class RowsInvalid(GeneratorError):
    """A file of rows cannot be read, or a line of it is no note."""

    code = "ROWS_INVALID"
    exit_code = 3


class TrainingInvalid(GeneratorError):
    """An option of a fine-tuning makes no sense."""

    code = "TRAINING_INVALID"
    exit_code = 2


class GraphChanged(GeneratorError):
    """The graph took a change set while the notes were being written."""

    code = "GRAPH_CHANGED"


class OutputRefused(GeneratorError):
    """The file to write belongs to another run, is open elsewhere or cannot be written."""

    code = "OUTPUT_REFUSED"


class ModelError(GeneratorError):
    """No text could be had from the model."""

    code = "MODEL"


class ModelMissing(ModelError):
    """No model of that name, folder or file; or a package that it needs is not installed."""

    code = "MODEL_MISSING"


class ModelRefused(ModelError):
    """A folder or file that is not safe to load, or not of a kind that is supported."""

    code = "MODEL_REFUSED"


class ModelUnavailable(ModelError):
    """The model's server does not answer, is too slow or says no."""

    code = "MODEL_UNAVAILABLE"


class ModelAnswerInvalid(ModelError):
    """The model's server answered something that is not a chat completion."""

    code = "MODEL_ANSWER_INVALID"


class ModelStopped(ModelError):
    """The text was not finished, because whoever asked for it does not want it any more."""

    code = "MODEL_STOPPED"


class JobRefused(GeneratorError):
    """A job could not be taken in, found or ended."""

    code = "JOB_REFUSED"
    exit_code = 6
