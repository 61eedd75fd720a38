"""`python -m participants web | worker | run | migrate | load | openapi | <task>`."""

from kit.service import command_line
from participants.main import SERVICE

if __name__ == "__main__":
    command_line(SERVICE)
