"""Logits before each answer token, for `bench/adapter-parity.bench.ts`.

Usage: adapter_logits.py peft  BASE.gguf  ADAPTER_FOLDER  BATCH.json OUT.safetensors
       adapter_logits.py llama MODEL.gguf ADAPTER.gguf|-  BATCH.json OUT.safetensors

BATCH.json holds {"examples": [{id, prompt, answer}], "allowed": [ids, ascending]}. OUT holds, by example
id, [answer tokens, allowed]. llama.cpp keeps its cache in f32 and computes without flash attention, so
that what is left is the weights' encoding and the order of sums.
"""

import json
import sys

import numpy as np
from safetensors.numpy import save_file


def peft_scorer(base, adapter):
    import torch
    from peft import PeftModel

    from load_base import load_base

    model = PeftModel.from_pretrained(load_base(base), adapter)

    def score(ids, first, allowed):
        with torch.no_grad():
            hidden = model.get_base_model().model(input_ids=torch.tensor([ids])).last_hidden_state[0]
            return (hidden[first:] @ model.get_base_model().lm_head.weight[allowed].T).numpy()

    return score


def llama_scorer(path, adapter, longest):
    from llama_cpp import Llama

    model = Llama(
        path,
        lora_path=None if adapter == "-" else adapter,
        n_ctx=longest,
        n_batch=longest,
        n_threads=1,
        logits_all=True,
        flash_attn=False,
        type_k=0,
        type_v=0,
        verbose=False,
    )

    def score(ids, first, allowed):
        model.reset()
        model.eval(ids)
        return np.array(model.scores[first : len(ids)])[:, allowed]

    return score


def main():
    route, path, adapter, batch_path, out = sys.argv[1:]
    batch = json.load(open(batch_path))
    examples, allowed = batch["examples"], batch["allowed"]
    longest = max(len(example["prompt"]) + len(example["answer"]) for example in examples)
    score = peft_scorer(path, adapter) if route == "peft" else llama_scorer(path, adapter, longest)
    logits = {
        example["id"]: np.ascontiguousarray(
            score(example["prompt"] + example["answer"][:-1], len(example["prompt"]) - 1, allowed)
        )
        for example in examples
    }
    save_file(logits, out)


main()
