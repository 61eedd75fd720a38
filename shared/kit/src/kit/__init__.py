"""Technical library: configuration, time, money, errors, HTTP and PostgreSQL. Knows no domain word."""
