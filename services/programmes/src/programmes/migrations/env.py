"""Runs the revisions of the programmes database."""

from kit.db.migrations import run
from programmes.storage.schema import metadata

run(metadata)
