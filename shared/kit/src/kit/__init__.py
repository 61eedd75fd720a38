"""Technical library: configuration, time, money, errors, HTTP, PostgreSQL; no domain word."""
