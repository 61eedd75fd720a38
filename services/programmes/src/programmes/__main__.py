"""`python -m programmes web | worker | run | migrate | load | openapi`."""

from kit.service import command_line
from programmes.main import SERVICE

if __name__ == "__main__":
    command_line(SERVICE)
