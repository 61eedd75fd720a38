"""What a service and the gateway look like to the supervisor, and nothing more."""

import http.server
import json
import os
import signal
import sys

NAMES = ("programmes", "training", "participants", "gateway")


def say(level: str, event: str) -> None:
    print(json.dumps({"level": level, "event": event}), flush=True)


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, status: int, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.answer(200, {"status": "UP", "follows_somebody": {"position": 7, "lag": 0}})

    def do_POST(self) -> None:
        self.answer(200, {"access_token": "a-token"})

    def log_message(self, *_words: object) -> None:
        say("info", "request")


def main(name: str) -> None:
    task = sys.argv[1]
    fails = os.environ.get("STANDIN_FAILS") == f"{name} {task}"
    if task != "run" or fails:
        print(f"{name} {task}: 1 of 1", flush=True)
        sys.exit("Error: the stand-in was told to fail" if fails else 0)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    say("warning", f"stand-in {name} is up")
    address = ("127.0.0.1", int(os.environ[f"{name.upper()}_PORT"]))
    http.server.ThreadingHTTPServer(address, Handler).serve_forever()
