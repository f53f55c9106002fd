import { quantile } from "../../kernel/index.ts";
import { formatOn } from "../training/setup.ts";
import { trainingFlops } from "../work/model-flops.ts";
import type { TrainingCase } from "./row-case.ts";

/** Model FLOPs utilisation of a case at a rate, over the peak of the format it ran in. */
export function utilisation(found: TrainingCase, tokensPerSecond: number): number {
  return tokensPerSecond / peakRate(found);
}

/** Tokens per second at the peak: what a roofline without memory or wires promises. */
export function peakRate({ setup }: TrainingCase): number {
  const { peak } = formatOn(setup.chip, setup.plan.precision);
  return peak / trainingFlops(setup.model, setup.plan.sequence, "full-attention");
}

/**
 * The rule to beat: every run of a chip and precision reaches the median utilisation of the others. `apart` says
 * which references may be learned from: those of other models (the published baseline), or of other sources.
 */
export function constantEfficiency(
  cases: readonly TrainingCase[],
  references: readonly TrainingCase[],
  apart: (one: TrainingCase, other: TrainingCase) => boolean,
): readonly number[] {
  const known = references.map((found) => utilisation(found, found.measured));
  const overall = quantile(known, 0.5);
  return cases.map((found) => {
    const alike = (test: (other: TrainingCase) => boolean): number[] =>
      known.filter((_, index) => {
        const other = references[index];
        return other !== undefined && apart(found, other) && test(other);
      });
    const samePrecision = (other: TrainingCase): boolean =>
      formatOn(other.setup.chip, other.setup.plan.precision).format ===
      formatOn(found.setup.chip, found.setup.plan.precision).format;
    const near = alike(
      (other) =>
        other.setup.chip.id === found.setup.chip.id &&
        samePrecision(other) &&
        other.sparse === found.sparse,
    );
    // A chip that nothing else was measured on gets the median of its precision.
    const far =
      near.length > 0
        ? near
        : alike((other) => samePrecision(other) && other.sparse === found.sparse);
    return (far.length > 0 ? quantile(far, 0.5) : overall) * peakRate(found);
  });
}
