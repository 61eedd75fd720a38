"""Runs the revisions of the training database."""

from kit.db.migrations import run
from training.storage.tables import metadata

run(metadata)
