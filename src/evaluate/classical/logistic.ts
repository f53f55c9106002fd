import { minimize, type Objective } from "./minimize.ts";
import type { SparseRows } from "./sparse.ts";

/** Training data of a multinomial logistic regression. */
export interface LogisticData {
  readonly rows: SparseRows;
  /** Class of each row, 0 up to `classes`. */
  readonly labels: Int32Array;
  readonly classes: number;
}

/** Inverse strength of the L2 penalty: 30, chosen on the industry-code task's validation records. */
export const defaultInversePenalty = 30;

/**
 * The objective of scikit-learn's LogisticRegression, over weights [columns + 1, classes] whose last
 * row is the unpenalized intercept: mean negative log-likelihood + |W|^2 / (2 C n). With two classes
 * the penalty is doubled, because softmax spends two weights where scikit-learn spends one.
 */
export function logisticObjective(data: LogisticData, inversePenalty: number): Objective {
  const { rows, labels, classes } = data;
  const count = labels.length;
  const penalty = (classes === 2 ? 2 : 1) / (inversePenalty * count);
  const intercept = rows.columns * classes;
  const scores = new Float64Array(classes);
  return (weights, gradient) => {
    let loss = 0;
    for (let i = 0; i < intercept; i++) {
      const weight = weights[i] ?? 0;
      loss += 0.5 * penalty * weight * weight;
      gradient[i] = penalty * weight;
    }
    gradient.fill(0, intercept);
    for (let row = 0; row < count; row++) {
      const label = labels[row] ?? 0;
      scoreRow(rows, row, weights, scores);
      loss -= (softmax(scores)[label] ?? 0) / count;
      addResidual(rows, row, scores, label, count, gradient);
    }
    return loss;
  };
}

/** Trained weights [columns + 1, classes] as 32-bit floats, the form in which they are kept. */
export function trainLogistic(
  data: LogisticData,
  options: {
    readonly inversePenalty: number;
    readonly onIteration?: (iteration: number) => void;
  },
): Float32Array {
  const weights = new Float64Array((data.rows.columns + 1) * data.classes);
  if (data.classes > 1) {
    minimize(logisticObjective(data, options.inversePenalty), weights, {
      maxIterations: iterationBound(data),
      // Ten times tighter than scikit-learn, so that probabilities agree to three digits.
      tolerance: 1e-5,
      ...(options.onIteration && { onIteration: options.onIteration }),
    });
  }
  return Float32Array.from(weights);
}

/** Iterations allowed: some 1e10 multiplications (about 30 s of one core), 25 to 300 iterations. */
export function iterationBound(data: LogisticData): number {
  const work = 2 * (data.rows.indices.length + 10 * data.rows.columns) * data.classes;
  return Math.round(Math.min(300, Math.max(25, 1e10 / Math.max(1, work))));
}

/** Probabilities of the classes for one document's column values. */
export function classProbabilities(
  row: ReadonlyMap<number, number>,
  weights: Float32Array,
  classes: number,
): Float64Array {
  const scores = Float64Array.from(weights.subarray(weights.length - classes));
  for (const [column, value] of row) {
    for (let c = 0; c < classes; c++) {
      scores[c] = (scores[c] ?? 0) + value * (weights[column * classes + c] ?? 0);
    }
  }
  return softmax(scores).map(Math.exp);
}

function scoreRow(
  rows: SparseRows,
  row: number,
  weights: Float64Array,
  scores: Float64Array,
): void {
  const classes = scores.length;
  const intercept = rows.columns * classes;
  for (let c = 0; c < classes; c++) scores[c] = weights[intercept + c] ?? 0;
  const end = rows.starts[row + 1] ?? 0;
  for (let k = rows.starts[row] ?? 0; k < end; k++) {
    const value = rows.values[k] ?? 0;
    const at = (rows.indices[k] ?? 0) * classes;
    for (let c = 0; c < classes; c++) {
      scores[c] = (scores[c] ?? 0) + value * (weights[at + c] ?? 0);
    }
  }
}

/** Turns scores into log-probabilities in place. */
function softmax(scores: Float64Array): Float64Array {
  let most = Number.NEGATIVE_INFINITY;
  for (const score of scores) most = Math.max(most, score);
  let total = 0;
  for (const score of scores) total += Math.exp(score - most);
  const shift = most + Math.log(total);
  for (let c = 0; c < scores.length; c++) scores[c] = (scores[c] ?? 0) - shift;
  return scores;
}

/** gradient += x (p - y) / n for one row; `logProbabilities` is used up. */
function addResidual(
  rows: SparseRows,
  row: number,
  logProbabilities: Float64Array,
  label: number,
  count: number,
  gradient: Float64Array,
): void {
  const classes = logProbabilities.length;
  const residual = logProbabilities;
  for (let c = 0; c < classes; c++) {
    residual[c] = (Math.exp(residual[c] ?? 0) - (c === label ? 1 : 0)) / count;
  }
  const end = rows.starts[row + 1] ?? 0;
  for (let k = rows.starts[row] ?? 0; k < end; k++) {
    const value = rows.values[k] ?? 0;
    const at = (rows.indices[k] ?? 0) * classes;
    for (let c = 0; c < classes; c++) {
      gradient[at + c] = (gradient[at + c] ?? 0) + value * (residual[c] ?? 0);
    }
  }
  const intercept = rows.columns * classes;
  for (let c = 0; c < classes; c++) {
    gradient[intercept + c] = (gradient[intercept + c] ?? 0) + (residual[c] ?? 0);
  }
}
