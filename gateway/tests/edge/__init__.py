"""The gateway as its clients and its neighbours see it."""
