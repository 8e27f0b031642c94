"""Curation: what experts propose, review, accept and take back."""

from kg.curation.desk import Desk
from kg.curation.evidence import curated
from kg.curation.log import LogEntry
from kg.curation.proposal import Proposal
from kg.curation.steps import STEPS, State, Step

__all__ = ["STEPS", "Desk", "LogEntry", "Proposal", "State", "Step", "curated"]
