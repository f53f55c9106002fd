import { defineOperation } from "../operation.ts";
import { travel } from "./road.ts";
import { roadInput, type RoadEnd } from "./road-options.ts";

function roadVerb(name: RoadEnd, summary: string, about: string) {
  return defineOperation({
    name,
    summary,
    about: `${about} Stages that ran before with the same inputs are kept, and a killed one goes on.`,
    input: roadInput,
    positional: ["task"],
    checkpoints: true,
    examples: [{ line: `sampan ${name} examples/industry-code/task.yaml`, does: summary }],
    run: (input, context) => travel(input, name, context),
  });
}

/** The stages of the road as verbs, each going as far as its name. */
export const roadVerbs = [
  roadVerb(
    "build",
    "the whole road: from open weights to a bundle with a price per correct transaction",
    "Fetches the base, measures the baselines, tunes, quantizes, evaluates, selects the cheapest variant that passes the bar, packs it and writes the report. Exits with 6 when nothing passes.",
  ),
  roadVerb(
    "baseline",
    "what must be beaten: a classical model and the untouched base",
    "Trains the classical baseline that suits the task and asks the untouched base, zero- and few-shot.",
  ),
  roadVerb(
    "tune",
    "train low-rank adapters on the frozen base",
    "Goes the road as far as the adapter; the baselines come first.",
  ),
  roadVerb(
    "quantize",
    "merge the adapter and write the weights at each precision",
    "Goes the road as far as the merged GGUF files.",
  ),
  roadVerb(
    "evaluate",
    "measure every variant on held-out records",
    "Goes the road as far as each variant's answers, times and sizes.",
  ),
] as const;
