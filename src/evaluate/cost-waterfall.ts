import type { Assessment, WaterfallStep } from "../schema/index.ts";

/**
 * How the cost per 1,000 correct transactions came down from the untouched base to one variant:
 * base, classical baseline, tuned at its first precision, quantized (all taking every answer), then
 * the threshold, then the chain. The last step's cost is the variant's; the differences add up to it.
 */
export function costWaterfall(
  assessments: readonly Assessment[],
  winnerId: string,
): WaterfallStep[] {
  const winner = assessments.find(({ variant }) => variant.id === winnerId);
  if (winner === undefined) return [];
  const parts = partsOf(winner, assessments);
  const of = (kind: string): Assessment | undefined =>
    parts.find(({ variant }) => variant.kind === kind);
  const [base] = assessments
    .filter(({ variant }) => variant.kind === "base")
    .sort((a, b) => takingAll(a) - takingAll(b));
  const classical = of("classical");
  const tuned = of("tuned");
  const untouched = base ?? of("base");
  const first = tuned && assessments.find(({ variant }) => variant.kind === "tuned");
  const steps: Step[] = [];
  if (untouched) steps.push(step("Untouched base", untouched, takingAll(untouched)));
  if (classical) steps.push(step("Classical baseline", classical, takingAll(classical)));
  if (first) steps.push(step("Tuned", first, takingAll(first)));
  if (tuned && tuned !== first) steps.push(step("Quantized", tuned, takingAll(tuned)));
  const single = winner.variant.kind === "chain" ? (tuned ?? classical) : winner;
  if (single) steps.push(step("Threshold", single, single.cost.value));
  if (winner.variant.kind === "chain") steps.push(step("Chain", winner, winner.cost.value));
  return steps.map((one, i) => ({
    ...one,
    difference: i === 0 ? 0 : one.cost - (steps[i - 1]?.cost ?? 0),
  }));
}

type Step = Omit<WaterfallStep, "difference">;

function step(label: string, assessment: Assessment, cost: number): Step {
  const terms = cost === assessment.cost.value ? { terms: assessment.terms } : {};
  return { label, cost, variant: assessment.variant.id, ...terms };
}

/** A chain's members, or the variant itself. */
function partsOf(winner: Assessment, assessments: readonly Assessment[]): readonly Assessment[] {
  const ids = winner.variant.members ?? [winner.variant.id];
  return assessments.filter(({ variant }) => ids.includes(variant.id));
}

/** Cost when every answer goes straight through: the first point of the threshold curve. */
function takingAll({ thresholdCurve, cost }: Assessment): number {
  return thresholdCurve[0]?.cost ?? cost.value;
}
