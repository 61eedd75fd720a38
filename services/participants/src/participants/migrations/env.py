"""Runs the revisions of the participants database."""

from kit.db.migrations import run
from participants.storage.tables import metadata

run(metadata)
