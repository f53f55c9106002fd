"""Byte-level merges learned by Hugging Face tokenizers from the lines of a file; or, where a tokenizer.json is
named, the ids that it gives to lines. stdin and stdout are JSON."""

import json
import sys
import time

from tokenizers import Tokenizer, models, pre_tokenizers, trainers

job = json.load(sys.stdin)
if "tokenizer" in job:
    tokenizer = Tokenizer.from_file(job["tokenizer"])
    with open(job["lines"], encoding="utf-8") as file:
        lines = json.load(file)
    start = time.time()
    ids = [one.ids for one in tokenizer.encode_batch(lines, add_special_tokens=False)]
    json.dump({"seconds": time.time() - start, "ids": ids}, sys.stdout)
else:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=256 + job["merges"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
        min_frequency=2,
    )
    with open(job["file"], encoding="utf-8", newline="\n") as file:
        texts = [line.rstrip("\n") for line in file]
    start = time.time()
    tokenizer.train_from_iterator(texts, trainer)
    seconds = time.time() - start
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    json.dump({"seconds": seconds, "merges": merges}, sys.stdout)
