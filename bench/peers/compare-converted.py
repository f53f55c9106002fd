"""Compares converted GGUF files in llama.cpp with the Hugging Face folders they came from.

For each folder under test/fixtures/families (or given as arguments): token ids of all golden texts, and
logits of the golden prompt. Needs llama-cpp-python and `node` (24). Run from the repository:
python bench/peers/compare-converted.py
"""

import glob
import json
import os
import subprocess
import sys
import tempfile

import llama_cpp
import numpy as np

ROOT = os.path.join(os.path.dirname(__file__), "../..")


def compare(folder, home):
    script = os.path.join(ROOT, "bench/peers/convert-folder.ts")
    path = subprocess.run(["node", script, folder, home], check=True, capture_output=True, text=True).stdout.strip()
    golden = json.load(open(os.path.join(folder, "golden.json")))
    model = llama_cpp.Llama(path, n_ctx=256, n_batch=256, logits_all=True, verbose=False, flash_attn=False)
    wrong = []
    for text, ids in golden["ids"].items():
        got = model.tokenize(text.encode(), add_bos=False, special=False) if text else []
        if got != ids:
            wrong.append((text, ids, got))
    special = model.tokenize(list(golden["ids"])[0].encode(), add_bos=True, special=False)
    if special != golden["withSpecial"]:
        wrong.append(("with special tokens", golden["withSpecial"], special))
    model.eval(golden["prompt"])
    got = np.array(model.scores[len(golden["prompt"]) - 1])
    expected = np.array(golden["logits"])
    difference = np.abs(got - expected).max()
    same = int(got.argmax()) == int(expected.argmax())
    print(f"{os.path.basename(folder):8} logits: largest difference {difference:.5f} at a spread of "
          f"{expected.std():.3f}, same top token {same}; ids: {len(golden['ids']) + 1 - len(wrong)} of "
          f"{len(golden['ids']) + 1} texts equal")
    for text, ids, other in wrong:
        print("   ", repr(text), "\n      hf ", ids, "\n      llama.cpp", other)


with tempfile.TemporaryDirectory() as home:
    for folder in sys.argv[1:] or sorted(glob.glob(os.path.join(ROOT, "test/fixtures/families/*"))):
        compare(folder, home)
