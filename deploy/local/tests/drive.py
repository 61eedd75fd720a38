"""Runs the real supervisor over tiny stand-ins of the services and the gateway.

`python drive.py <folder>`: the stand-ins are written there and found before the real packages.
"""

import sys
from pathlib import Path

from local import __main__, stack

_STANDIN = """
import http.server, json, os, signal, sys
name, task = {name!r}, sys.argv[1]
if task in ("migrate", "load"):
    print(f"{{name}} {{task}} 1 of 1", flush=True)
    sys.exit(int(os.environ.get(f"FAIL_{{name.upper()}}_{{task.upper()}}", "0")))
class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def do_GET(self):
        follows = {{f"follows_{{n}}": {{"caught_up": True}} for n in ("programmes", "training", "participants")}}
        self.answer({{"status": "UP", "name": name, **follows}})
    def do_POST(self):
        self.answer({{"access_token": "token"}})
    def log_message(self, *words):
        print(json.dumps({{"level": "info", "event": "request"}}), flush=True)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print(json.dumps({{"level": "warning", "event": f"{{name}} stand-in is up"}}), flush=True)
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ[f"{{name.upper()}}_PORT"])), Handler).serve_forever()
"""


def main() -> int:
    folder = Path(sys.argv[1])
    for name in ("programmes", "training", "participants"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "__init__.py").touch()
        (folder / name / "__main__.py").write_text(_STANDIN.format(name=name), encoding="utf-8")
    real = stack.clean_environment
    stack.clean_environment = lambda environment: {**real(environment), "PYTHONPATH": str(folder)}
    return __main__.main()


if __name__ == "__main__":
    sys.exit(main())
