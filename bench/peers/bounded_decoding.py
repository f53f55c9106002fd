"""Answers prompts under a JSON schema with llama-cpp-python; stdin and stdout are JSON."""

import json
import sys
import time

from llama_cpp import Llama, LlamaGrammar

job = json.load(sys.stdin)
model = Llama(job["model"], n_ctx=1024, n_threads=job["threads"], n_threads_batch=job["threads"], verbose=False)
grammar = LlamaGrammar.from_json_schema(json.dumps(job["schema"]), verbose=False)
answers = []
for prompt in [job["prompts"][0], *job["prompts"]]:
    start, worked = time.perf_counter(), time.process_time()
    done = model.create_completion(prompt, grammar=grammar, temperature=0, max_tokens=160)
    answers.append(
        {
            "text": done["choices"][0]["text"],
            "milliseconds": (time.perf_counter() - start) * 1000,
            "processor": (time.process_time() - worked) * 1000,
        }
    )
json.dump(answers[1:], sys.stdout)
