"""Tunes with PyTorch + PEFT on given records and answers held-out ones, for `bench/tune-accuracy.ts`.

Usage: tune_accuracy.py BASE.gguf TRIAL.json SEED THREADS

Each answer is one decided token among given rivals, as bounded decoding asks for it; the loss is over all
tokens of the answers and the whole vocabulary, as PEFT's users train. Prints {"right": n, "seconds": s}.
"""

import json
import math
import random
import sys
import time

import torch
from peft import LoraConfig, get_peft_model

from load_base import load_base

MODULES = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def pad(rows):
    longest = max(len(row) for row in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    mask = torch.zeros_like(ids)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = torch.tensor(row)
        mask[i, : len(row)] = 1
    return ids, mask


def main():
    base, path, seed, threads = sys.argv[1:]
    torch.set_num_threads(int(threads))
    torch.manual_seed(int(seed))
    trial = json.load(open(path))
    settings = trial["settings"]
    model = load_base(base, torch.float32)
    config = LoraConfig(r=settings["rank"], lora_alpha=settings["alpha"], target_modules=MODULES)
    model = get_peft_model(model, config)
    inner = model.get_base_model()
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=settings["learningRate"], weight_decay=0)
    train, batch = trial["train"], trial["recordsPerStep"]
    steps = settings["epochs"] * math.ceil(len(train) / batch)
    rising = round(steps * settings["warmup"])

    def rate(step):
        if step < rising:
            return (step + 1) / (rising + 1)
        return (1 + math.cos(math.pi * (step - rising) / max(1, steps - rising))) / 2

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    order = random.Random(int(seed))
    started = time.perf_counter()
    model.train()
    for _ in range(settings["epochs"]):
        order.shuffle(train)
        for at in range(0, len(train), batch):
            part = train[at : at + batch]
            ids, mask = pad([example["prompt"] + example["answer"] for example in part])
            labels = torch.full_like(ids, -100)
            for i, example in enumerate(part):
                start = len(example["prompt"])
                labels[i, start : start + len(example["answer"])] = torch.tensor(example["answer"])
            hidden = inner.model(input_ids=ids, attention_mask=mask).last_hidden_state[:, :-1]
            chosen = labels[:, 1:] != -100
            logits = inner.lm_head(hidden[chosen]).float()
            loss = torch.nn.functional.cross_entropy(logits, labels[:, 1:][chosen])
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, settings["clip"])
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
    seconds = time.perf_counter() - started
    model.eval()
    rivals = torch.tensor(trial["rivals"])
    right = 0
    with torch.no_grad():
        for at in range(0, len(trial["test"]), 32):
            part = trial["test"][at : at + 32]
            ids, mask = pad([example["prompt"] for example in part])
            hidden = inner.model(input_ids=ids, attention_mask=mask).last_hidden_state
            last = hidden[torch.arange(len(part)), mask.sum(1) - 1]
            best = rivals[inner.lm_head(last)[:, rivals].argmax(1)].tolist()
            right += sum(token == example["answer"][0] for token, example in zip(best, part))
    print(json.dumps({"right": right, "seconds": seconds}))


main()
