"""`python -m training web | worker | run | migrate | load | openapi`."""

from kit.service import command_line

if __name__ == "__main__":
    command_line("training")
