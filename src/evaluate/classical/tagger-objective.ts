import { scoreLabels, sumChain } from "./linear-chain.ts";
import type { Objective } from "./minimize.ts";
import type { SparseRows } from "./sparse.ts";

/** Training data of a linear-chain tagger: tokens of all sequences, one below the other. */
export interface TaggerData {
  /** One row per token. */
  readonly rows: SparseRows;
  /** First token of each sequence; one more entry closes the last. */
  readonly sequences: Int32Array;
  /** Label of each token. */
  readonly gold: Int32Array;
  readonly labels: number;
}

/**
 * Mean negative log-likelihood of the gold labellings plus |w|^2 / (2 C n), over weights
 * [columns, labels] followed by transitions [labels, labels].
 */
export function taggerObjective(data: TaggerData, inversePenalty: number): Objective {
  const { rows, sequences, gold, labels } = data;
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
    const expected = new Float64Array(labels * labels);
    for (let s = 0; s < count; s++) {
      const [start, end] = [sequences[s] ?? 0, sequences[s + 1] ?? 0];
      const path = gold.subarray(start, end);
      const emissions = scoreTokens(rows, start, end, weights, labels);
      const scores = { length: end - start, labels, emissions, transitions };
      const { logPartition, nodes } = sumChain(scores, expected);
      loss += (logPartition - scoreLabels(scores, path)) / count;
      for (const [t, label] of path.entries()) {
        nodes[t * labels + label] = (nodes[t * labels + label] ?? 0) - 1;
        if (t > 0) {
          const k = (path[t - 1] ?? 0) * labels + label;
          expected[k] = (expected[k] ?? 0) - 1;
        }
      }
      addTokens(rows, start, end, nodes, labels, count, gradient);
    }
    for (const [k, value] of expected.entries()) {
      gradient[emissionWeights + k] = (gradient[emissionWeights + k] ?? 0) + value / count;
    }
    return loss;
  };
}

/** Emission scores [tokens, labels] of the rows from `start` to `end`. */
export function scoreTokens(
  rows: SparseRows,
  start: number,
  end: number,
  weights: Float64Array | Float32Array,
  labels: number,
): Float64Array {
  const emissions = new Float64Array((end - start) * labels);
  for (let row = start; row < end; row++) {
    const to = (row - start) * labels;
    const last = rows.starts[row + 1] ?? 0;
    for (let k = rows.starts[row] ?? 0; k < last; k++) {
      const value = rows.values[k] ?? 0;
      const at = (rows.indices[k] ?? 0) * labels;
      for (let y = 0; y < labels; y++) {
        emissions[to + y] = (emissions[to + y] ?? 0) + value * (weights[at + y] ?? 0);
      }
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
