"""`python -m participants web | worker | run | migrate | load | openapi | <task>`."""

from kit.service import command_line

if __name__ == "__main__":
    command_line("participants")
