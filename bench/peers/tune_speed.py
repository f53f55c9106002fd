"""Times PyTorch + PEFT on given batches, for `bench/tune-speed.ts`.

Usage: tune_speed.py BASE.gguf BATCHES.json MODE THREADS     (MODE: all | answers | bf16)

`all` computes logits of every token, as a training loop with `labels` does; `answers` only those before
answer tokens; `bf16` is `answers` in bfloat16. Prints {"seconds": [...], "peakBytes": n}.
"""

import json
import resource
import sys
import time

import torch
from peft import LoraConfig, get_peft_model

from load_base import load_base

MODULES = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def pad(batch):
    rows = [example["prompt"] + example["answer"] for example in batch]
    longest = max(len(row) for row in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    mask = torch.zeros_like(ids)
    labels = torch.full_like(ids, -100)
    for i, (row, example) in enumerate(zip(rows, batch)):
        ids[i, : len(row)] = torch.tensor(row)
        mask[i, : len(row)] = 1
        labels[i, len(example["prompt"]) : len(row)] = torch.tensor(example["answer"])
    return ids, mask, labels


def main():
    base, path, mode, threads = sys.argv[1:]
    torch.set_num_threads(int(threads))
    model = load_base(base, torch.bfloat16 if mode == "bf16" else torch.float32)
    model = get_peft_model(model, LoraConfig(r=8, lora_alpha=16, target_modules=MODULES))
    model.train()
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-3, weight_decay=0)
    seconds = []
    for batch in json.load(open(path)):
        start = time.perf_counter()
        ids, mask, labels = pad(batch)
        if mode == "all":
            loss = model(input_ids=ids, attention_mask=mask, labels=labels).loss
        else:
            inner = model.get_base_model()
            hidden = inner.model(input_ids=ids, attention_mask=mask).last_hidden_state[:, :-1]
            chosen = labels[:, 1:] != -100
            logits = inner.lm_head(hidden[chosen]).float()
            loss = torch.nn.functional.cross_entropy(logits, labels[:, 1:][chosen])
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for p in model.parameters() if p.requires_grad], 1.0)
        optimizer.step()
        optimizer.zero_grad()
        seconds.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "peakBytes": peak}))


main()
