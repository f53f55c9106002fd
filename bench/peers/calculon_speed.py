"""Full training evaluations per second of Calculon in one process.

Reads {"application": ..., "system": PATH, "plans": [execution, ...]} from stdin; needs a checkout of
github.com/calculon-ai/calculon (Apache-2.0) in CALCULON, and pandas and psutil. Prints one JSON line.
"""

import json
import logging
import os
import sys
import time

sys.path.insert(0, os.environ["CALCULON"])

import calculon  # noqa: E402
from calculon import System  # noqa: E402
from calculon.llm import Llm  # noqa: E402

asked = json.load(sys.stdin)
logger = logging.getLogger("calculon")
logger.addHandler(logging.NullHandler())
logger.propagate = False
application = Llm.Application(asked["application"])
path = os.path.join(os.environ["CALCULON"], asked["system"])
system = System(calculon.io.read_json_file(path))


def evaluate(plan):
    try:
        model = Llm(application, logger)
        model.compile(system, Llm.Execution.from_json(plan))
        model.run(system)
        return model.get_total_time()
    except Llm.Error:
        return None


for plan in asked["plans"][:20]:
    evaluate(plan)
began = time.process_time()
times = [evaluate(plan) for plan in asked["plans"]]
seconds = time.process_time() - began
fitting = [one for one in times if one is not None]
print(json.dumps({"plans": len(times), "fitting": len(fitting), "seconds": seconds}))
