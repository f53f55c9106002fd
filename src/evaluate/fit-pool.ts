import type { Answer, PoolMap } from "../schema/index.ts";
import type { AnswerPair } from "./fit-merge.ts";
import { pooledOptions, poolProbabilities, type PooledOption } from "./pool-answers.ts";

/** Before the data speak, the members are believed alike. */
const prior = 0.5;
/** Precision of that belief, in records. */
const strength = 1;

/**
 * The weights of two members' logarithms that make the right outputs of the validation records likeliest;
 * undefined unless every pair lists options. A weight that would come out negative is 0.
 */
export function fitPool(pairs: readonly AnswerPair[]): PoolMap | undefined {
  const rows: { readonly pooled: readonly PooledOption[]; readonly right: number }[] = [];
  for (const { before, after, isRight } of pairs) {
    const pooled = pooledOptions(before, after);
    if (pooled === undefined) return undefined;
    const found = pooled.findIndex(
      ({ option }) => option !== undefined && isRight(answering(before, option.output)),
    );
    // What neither lists is the last entry: the rest.
    rows.push({ pooled, right: found < 0 ? pooled.length - 1 : found });
  }
  if (rows.length === 0) return undefined;
  const weights = minimise((at) => lossOf(rows, at));
  return { kind: "pool", before: weights[0], after: weights[1] };
}

function answering(answer: Answer, output: Answer["output"]): Answer {
  return { ...answer, output };
}

function lossOf(
  rows: readonly { readonly pooled: readonly PooledOption[]; readonly right: number }[],
  weights: readonly [number, number],
): number {
  const belief = weights.reduce(
    (total, weight) => total + 0.5 * strength * (weight - prior) ** 2,
    0,
  );
  return rows.reduce(
    (total, { pooled, right }) =>
      total - Math.log(Math.max(1e-12, poolProbabilities(pooled, weights)[right] ?? 0)),
    belief,
  );
}

/**
 * Least point of a convex function of two weights, each at least 0, to a thousandth: steps along either axis
 * and both, halved while none goes down.
 */
function minimise(loss: (at: readonly [number, number]) => number): readonly [number, number] {
  let at: readonly [number, number] = [prior, prior];
  let least = loss(at);
  for (let step = 0.5; step > 5e-4;) {
    const [a, b] = at;
    const tries = [-step, 0, step].flatMap((da) =>
      [-step, 0, step].map((db): [number, number] => [Math.max(0, a + da), Math.max(0, b + db)]),
    );
    let moved = false;
    for (const next of tries) {
      const value = loss(next);
      if (value < least - 1e-12) [at, least, moved] = [next, value, true];
    }
    if (!moved) step /= 2;
  }
  return at;
}
