import type { StepEstimate } from "../training/estimate-step.ts";
import { searchPlans, type FoundPlan, type SearchQuestion } from "./search-plans.ts";
import { axes, valueOf, without, type Axis } from "./space.ts";

/** The best plan that chooses otherwise on one axis, and what it loses by. */
export interface Rival {
  readonly axis: Axis;
  /** What the winner chose. */
  readonly chosen: string | number;
  /** Absent when nothing else on this axis runs within the constraints. */
  readonly best: FoundPlan | undefined;
  /** Its score over the winner's. */
  readonly ratio: number;
  /** Parts of accelerator-seconds per step that grow most, as shares of the winner's; largest first. */
  readonly because: readonly { readonly part: string; readonly share: number }[];
}

/** For each axis with a choice, the best plan that differs there: an exact search of the space without the winner's value. */
export function findRivals(question: SearchQuestion, winner: FoundPlan): readonly Rival[] {
  return axes.flatMap((axis): Rival[] => {
    const chosen = valueOf(winner.plan, axis);
    const space = without(question.space, axis, chosen);
    if (space[axis].length === 0) return [];
    const [best] = searchPlans({ ...question, space, keep: 1 }).best;
    if (best === undefined)
      return [{ axis, chosen, best, ratio: Number.POSITIVE_INFINITY, because: [] }];
    return [
      { axis, chosen, best, ratio: best.score / winner.score, because: differences(winner, best) },
    ];
  });
}

/** Accelerator-seconds that one plan spends more than another, by part of the step. */
function differences(winner: FoundPlan, other: FoundPlan): Rival["because"] {
  const size = (found: FoundPlan): number => Number(valueOf(found.plan, "accelerators"));
  const whole = winner.step.total * size(winner);
  const parts = Object.keys(winner.step).filter((part) => part !== "total");
  return parts
    .map((part) => {
      const key = part as keyof StepEstimate; // From the keys of a step.
      const more = other.step[key] * size(other) - winner.step[key] * size(winner);
      return { part, share: more / whole };
    })
    .filter(({ share }) => share > 0.002)
    .sort((a, b) => b.share - a.share)
    .slice(0, 3);
}
