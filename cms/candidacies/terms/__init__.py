"""The terms in which candidacies capture and correct: when they begin, end, and are reopened."""

from cms.candidacies.term_models import CaptureTerm, Reopening, StartEvent
from cms.candidacies.terms.errors import MayNotReopen, ReopeningRefused
from cms.candidacies.terms.reopening import reopen
from cms.candidacies.terms.selectors import Term, term_of, terms_of
from cms.candidacies.terms.services import begin, begin_correction

__all__ = [
    "CaptureTerm",
    "MayNotReopen",
    "Reopening",
    "ReopeningRefused",
    "StartEvent",
    "Term",
    "begin",
    "begin_correction",
    "reopen",
    "term_of",
    "terms_of",
]
