#!/bin/sh
# Installs the peers that the benches compare with into bench/peers/.venv: 6 GB, two minutes and the build of
# llama-cpp-python. Needs Python 3.11 or newer with venv, a C++ compiler and cmake. Safe to run again.
set -eu
cd "$(dirname "$0")"
python="${PYTHON:-python3}"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "the peers need Python 3.11 or newer; name one with PYTHON=..." >&2
  exit 2
}
"$python" -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check --requirement requirements.txt
.venv/bin/python -c 'import gguf, llama_cpp, peft, safetensors, sklearn, tokenizers, torch, transformers'
echo "peers are in $(pwd)/.venv"
