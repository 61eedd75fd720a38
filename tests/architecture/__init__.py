"""The house rules, each a small function over source text, each with an example that breaks it."""
