"""Loss and adapter gradients of PyTorch + PEFT in f32, for `bench/gradients.ts`.

Usage: gradients.py BASE.gguf ADAPTER_FOLDER BATCH.json OUT.safetensors

BATCH.json holds {"examples": [{prompt, answer}], "allowed": [ids] or null}. The loss is the mean over
all answer tokens of -log softmax over the allowed rows of the head. OUT holds `loss` and the gradients
under PEFT's names.
"""

import json
import sys

import torch
from peft import PeftModel
from safetensors.torch import save_file

from load_base import load_base


def main():
    base, adapter, batch_path, out = sys.argv[1:]
    batch = json.load(open(batch_path))
    model = PeftModel.from_pretrained(load_base(base), adapter, is_trainable=True)
    head = model.get_base_model().lm_head.weight
    if batch["allowed"] is not None:
        allowed = torch.tensor(sorted(batch["allowed"]))
        head = head[allowed]
        place = {int(token): row for row, token in enumerate(allowed)}
    else:
        place = None
    total = sum(len(example["answer"]) for example in batch["examples"])
    loss = 0.0
    for example in batch["examples"]:
        ids = torch.tensor([example["prompt"] + example["answer"]])
        hidden = model.get_base_model().model(input_ids=ids[:, :-1]).last_hidden_state[0]
        logits = hidden[len(example["prompt"]) - 1 :] @ head.T
        answer = example["answer"] if place is None else [place[token] for token in example["answer"]]
        part = torch.nn.functional.cross_entropy(logits, torch.tensor(answer), reduction="sum") / total
        part.backward()
        loss += part.item()
    gradients = {
        name.replace(".default.", "."): parameter.grad.contiguous()
        for name, parameter in model.named_parameters()
        if parameter.grad is not None
    }
    save_file(gradients | {"loss": torch.tensor([loss])}, out)


main()
