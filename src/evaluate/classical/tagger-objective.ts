import { scoreLabels, sumChain } from "./linear-chain.ts";
import type { Objective } from "./minimize.ts";
import type { SparseRows } from "./sparse.ts";

/** Training data of a linear-chain tagger: tokens of all sequences, one below the other. */
export interface TaggerData {
  /** One row per token. */
  readonly rows: SparseRows;
  /** First token of each sequence; one more entry closes the last. */
  readonly sequences: Int32Array;
  /** State of each token. */
  readonly gold: Int32Array;
  readonly states: TaggerStates;
}

/**
 * States of the chain, more than labels: outside a span the state remembers which property came
 * last, so that what follows a comma still knows what stood before it. Label 0 is outside, label
 * 1 + p property p; states 0 to P are outside (after nothing, after property 0, ...), then the P
 * properties. Emissions belong to labels, transitions to states.
 */
export interface TaggerStates {
  readonly labels: number;
  readonly count: number;
  readonly labelOf: Int32Array;
}

export function statesOf(properties: number): TaggerStates {
  const count = 2 * properties + 1;
  const labelOf = Int32Array.from({ length: count }, (_, state) => Math.max(0, state - properties));
  return { labels: properties + 1, count, labelOf };
}

/** The states of a labelling. */
export function rememberOutside(labels: readonly number[], properties: number): number[] {
  let last = 0;
  return labels.map((label) => {
    if (label > 0) last = label;
    return label > 0 ? properties + label : last;
  });
}

/**
 * Mean negative log-likelihood of the gold labellings plus |w|^2 / (2 C n), over weights
 * [columns, labels] followed by transitions [states, states].
 */
export function taggerObjective(data: TaggerData, inversePenalty: number): Objective {
  const { rows, sequences, gold, states } = data;
  const { labels, labelOf } = states;
  const count = sequences.length - 1;
  const penalty = 1 / (inversePenalty * count);
  const emissionWeights = rows.columns * labels;
  return (weights, gradient) => {
    let loss = 0;
    for (let i = 0; i < weights.length; i++) {
      const weight = weights[i] ?? 0;
      loss += 0.5 * penalty * weight * weight;
      gradient[i] = penalty * weight;
    }
    const transitions = weights.subarray(emissionWeights);
    const expected = new Float64Array(states.count * states.count);
    for (let s = 0; s < count; s++) {
      const [start, end] = [sequences[s] ?? 0, sequences[s + 1] ?? 0];
      const path = gold.subarray(start, end);
      const emissions = scoreTokens(rows, start, end, weights, states);
      const scores = { length: end - start, labels: states.count, emissions, transitions };
      const { logPartition, nodes } = sumChain(scores, expected);
      loss += (logPartition - scoreLabels(scores, path)) / count;
      const residuals = new Float64Array(path.length * labels);
      for (const [i, node] of nodes.entries()) {
        const k = Math.floor(i / states.count) * labels + (labelOf[i % states.count] ?? 0);
        residuals[k] = (residuals[k] ?? 0) + node;
      }
      for (const [t, state] of path.entries()) {
        const at = t * labels + (labelOf[state] ?? 0);
        residuals[at] = (residuals[at] ?? 0) - 1;
        if (t > 0) {
          const k = (path[t - 1] ?? 0) * states.count + state;
          expected[k] = (expected[k] ?? 0) - 1;
        }
      }
      addTokens(rows, start, end, residuals, labels, count, gradient);
    }
    for (const [k, value] of expected.entries()) {
      gradient[emissionWeights + k] = (gradient[emissionWeights + k] ?? 0) + value / count;
    }
    return loss;
  };
}

/** Emission scores [tokens, states] of the rows from `start` to `end`. */
export function scoreTokens(
  rows: SparseRows,
  start: number,
  end: number,
  weights: Float64Array | Float32Array,
  { labels, count, labelOf }: TaggerStates,
): Float64Array {
  const emissions = new Float64Array((end - start) * count);
  const scores = new Float64Array(labels);
  for (let row = start; row < end; row++) {
    scores.fill(0);
    const last = rows.starts[row + 1] ?? 0;
    for (let k = rows.starts[row] ?? 0; k < last; k++) {
      const value = rows.values[k] ?? 0;
      const at = (rows.indices[k] ?? 0) * labels;
      for (let y = 0; y < labels; y++) {
        scores[y] = (scores[y] ?? 0) + value * (weights[at + y] ?? 0);
      }
    }
    const to = (row - start) * count;
    for (let state = 0; state < count; state++) {
      emissions[to + state] = scores[labelOf[state] ?? 0] ?? 0;
    }
  }
  return emissions;
}

/** gradient += features x residuals / count. */
function addTokens(
  rows: SparseRows,
  start: number,
  end: number,
  residuals: Float64Array,
  labels: number,
  count: number,
  gradient: Float64Array,
): void {
  for (let row = start; row < end; row++) {
    const from = (row - start) * labels;
    const last = rows.starts[row + 1] ?? 0;
    for (let k = rows.starts[row] ?? 0; k < last; k++) {
      const value = (rows.values[k] ?? 0) / count;
      const at = (rows.indices[k] ?? 0) * labels;
      for (let y = 0; y < labels; y++) {
        gradient[at + y] = (gradient[at + y] ?? 0) + value * (residuals[from + y] ?? 0);
      }
    }
  }
}
