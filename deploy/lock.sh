#!/bin/sh
# Pins the newest versions of requirements/*.in with hashes, without naming any package index.
# pip-tools gets an environment of its own: it is no dependency of anything here.
set -eu
cd "$(dirname "$0")/.."
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
.venv/bin/python -m venv "$tools"
"$tools/bin/python" -m pip install --quiet --disable-pip-version-check pip-tools
for kind in run dev; do
  "$tools/bin/python" -m piptools compile --quiet --upgrade --allow-unsafe --generate-hashes \
    --strip-extras --no-header --no-emit-options \
    --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
    --output-file "requirements/$kind.txt" "requirements/$kind.in"
  echo "wrote requirements/$kind.txt"
done
