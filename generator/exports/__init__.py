"""Data sets from rows of notes: MedSyn's columns, the hub's folder, instruction data, FHIR, CSV and Parquet."""

from generator.exports.export import UNKNOWN_LICENCE, Exported, Format, export_rows

__all__ = ["UNKNOWN_LICENCE", "Exported", "Format", "export_rows"]
