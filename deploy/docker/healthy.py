"""Exit status 0 when the web process of this container can do its work."""

import http.client
import os
import sys

connection = http.client.HTTPConnection("127.0.0.1", int(os.environ["HEALTH_PORT"]), timeout=8)
try:
    connection.request("GET", "/readyz")
    sys.exit(connection.getresponse().status != http.client.OK)
except OSError:
    sys.exit(1)
