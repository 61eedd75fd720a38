"""A service small enough to test the kit with: toys, which have a stock."""
