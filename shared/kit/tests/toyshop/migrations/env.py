"""Runs the revisions of the toy shop."""

from kit.db.migrations import run
from toyshop.shop import metadata

run(metadata)
