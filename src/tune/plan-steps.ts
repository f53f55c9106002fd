import { Random } from "../kernel/index.ts";
import { packRows, type PackedRow } from "./pack.ts";
import type { ResolvedTuneSettings, TuneExample } from "./tune-request.ts";

/** One optimizer step: its rows, cut into runs that fit the memory. */
export interface PlannedStep {
  readonly epoch: number;
  readonly runs: readonly (readonly PackedRow[])[];
  readonly lastOfEpoch: boolean;
}

/** Tokens in one run of the graph: enough to keep two cores busy, few enough for 2 GB of activations. */
const runTokens = 1024;

/** All steps of a tuning: each epoch is shuffled by its own stream, packed, and cut into steps. */
export function planSteps(
  examples: readonly TuneExample[],
  settings: Pick<ResolvedTuneSettings, "epochs" | "batchTokens">,
  length: number,
  seed: number,
): readonly PlannedStep[] {
  const rowsPerStep = Math.max(1, Math.round(settings.batchTokens / length));
  const rowsPerRun = Math.max(1, Math.min(rowsPerStep, Math.floor(runTokens / length)));
  const steps: PlannedStep[] = [];
  for (let epoch = 0; epoch < settings.epochs; epoch++) {
    const shuffled = new Random(seed, "epoch", epoch).shuffle(examples);
    const groups = cut(packRows(shuffled, length), rowsPerStep);
    // A fractional last epoch keeps its share of the steps.
    const share = Math.min(1, settings.epochs - epoch);
    const kept = groups.slice(0, Math.max(1, Math.round(groups.length * share)));
    kept.forEach((rows, index) => {
      const lastOfEpoch = index === kept.length - 1;
      steps.push({ epoch, runs: cut(rows, rowsPerRun), lastOfEpoch });
    });
  }
  return steps;
}

/** Validation examples as runs, in their order. */
export function planValidation(
  examples: readonly TuneExample[],
  length: number,
): readonly (readonly PackedRow[])[] {
  return cut(packRows(examples, length), Math.max(1, Math.floor(runTokens / length)));
}

function cut<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
