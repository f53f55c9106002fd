"""Ids of texts by Hugging Face's tokenizers (built from the GGUF's vocabulary by transformers) and by
llama-cpp-python; stdin and stdout are JSON."""

import json
import os
import sys

from llama_cpp import Llama
from transformers import AutoTokenizer

job = json.load(sys.stdin)
folder, name = os.path.split(os.path.abspath(job["model"]))
hub = AutoTokenizer.from_pretrained(folder, gguf_file=name)
# Plain text stays plain: special tokens in it are not recognised.
hub.backend_tokenizer.encode_special_tokens = True
llama = Llama(job["model"], vocab_only=True, verbose=False)
json.dump(
    {
        "hub": [hub.backend_tokenizer.encode(text, add_special_tokens=False).ids for text in job["texts"]],
        "llama": [llama.tokenize(text.encode(), add_bos=False, special=False) for text in job["texts"]],
    },
    sys.stdout,
)
