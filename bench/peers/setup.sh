#!/bin/sh
# Installs the peers that the benches compare with into bench/peers/.venv. Needs Python 3.11 or newer.
set -eu
cd "$(dirname "$0")"
python3 -m venv .venv
.venv/bin/pip install --quiet --requirement requirements.txt
echo "peers are in $(pwd)/.venv"
