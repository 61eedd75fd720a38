"""Runs the revisions of the participants database."""

from kit.db.migrations import run
from participants.storage.schema import metadata

run(metadata)
