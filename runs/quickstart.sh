#!/usr/bin/env bash
# The road from open weights to a micro-model with a price per correct transaction, stage by stage.
# `npm run quickstart` is the line `sampan build` alone: it does all of it, and stages that are done are
# kept, so running this script first, or the build first, does no work twice. Where nothing passes the
# bar, `build` exits with 6 and there is no bundle to verify.
#
#   npm ci && bash runs/quickstart.sh
set -euo pipefail
cd "$(dirname "$0")/.."
sampan() { node bin/sampan.js "$@"; }
task=examples/industry-code/task.yaml

# One bounded job: an input schema, an output schema, a bar, a price list. Mistakes are cheapest here:
# a label outside the enum or a record in two splits would spoil every figure that follows.
sampan check $task

# The base: open weights whose research is paid for, by digest, from the first place that has them.
sampan fetch gemma-3-270m

# What must be beaten. A classical model trains in seconds and costs next to nothing to run, and the
# untouched base shows what tuning is worth. If one of them passes the bar most cheaply, it wins.
sampan baseline $task

# Low-rank adapters on the frozen base: a few million weights learn the task, on this machine's cores.
# A killed tuning goes on from its checkpoint; the best adapter on validation is kept, not the last.
sampan tune $task

# The adapter is merged and the weights are written in 8 and 4 bits: serving a token means reading the
# weights once, so half the bytes is nearly half the time. Whether it costs accuracy is measured next.
sampan quantize $task

# Every variant answers the held-out records (the untouched base, which is slow, a sample of them) within the
# task's automaton: nothing that breaks the schema can be said. Accuracy, confidence, latency and CPU time become
# a cost per correct transaction.
sampan evaluate $task

# Thresholds and chains are chosen on validation, the cheapest variant that passes the bar with
# confidence wins, and what won is packed: weights, automaton, evidence, licences, digests.
sampan build $task

# The bundle works alone and offline.
sampan verify out/industry-code/bundle
sampan run out/industry-code/bundle '{"text":"canned milk merchant wholesalers"}'
