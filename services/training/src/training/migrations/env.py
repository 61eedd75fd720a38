"""Runs the revisions of the training database."""

from kit.db.migrations import run
from training.storage.schema import metadata

run(metadata)
