/**
 * Logistic regression of a few features by Newton's method, with a normal prior around `prior` of
 * precision `strength`, and Platt's smoothed targets (n+ + 1) / (n+ + 2) and 1 / (n- + 2) (Platt
 * 1999), so that a sample without a single error does not make the map certain.
 */
export function fitLogit(
  rows: readonly (readonly number[])[],
  right: readonly boolean[],
  options: { readonly prior: readonly number[]; readonly strength: number },
): number[] {
  const rightCount = right.filter(Boolean).length;
  const high = (rightCount + 1) / (rightCount + 2);
  const low = 1 / (right.length - rightCount + 2);
  const targets = right.map((isRight) => (isRight ? high : low));
  let weights = [...options.prior];
  let value = lossOf(rows, targets, weights, options);
  for (let iteration = 0; iteration < 50; iteration++) {
    const step = newtonStep(rows, targets, weights, options);
    // Halved until the loss falls: Newton alone may overshoot where the sigmoid is flat.
    let scale = 1;
    let next = weights;
    let nextValue = Number.POSITIVE_INFINITY;
    for (; scale > 1e-6 && !(nextValue <= value); scale /= 2) {
      next = weights.map((weight, j) => weight - scale * (step[j] ?? 0));
      nextValue = lossOf(rows, targets, next, options);
    }
    if (!(nextValue < value - 1e-12)) break;
    [weights, value] = [next, nextValue];
  }
  return weights;
}

function lossOf(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  weights: readonly number[],
  options: { readonly prior: readonly number[]; readonly strength: number },
): number {
  let loss = 0;
  for (const [j, weight] of weights.entries()) {
    loss += 0.5 * options.strength * (weight - (options.prior[j] ?? 0)) ** 2;
  }
  for (const [i, row] of rows.entries()) {
    const score = dot(row, weights);
    // -log sigmoid(s) = log(1 + exp(-s)), written so that large scores do not overflow.
    const softplus = Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score)));
    loss += softplus - (targets[i] ?? 0) * score;
  }
  return loss;
}

function newtonStep(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  weights: readonly number[],
  options: { readonly prior: readonly number[]; readonly strength: number },
): number[] {
  const gradient = weights.map(
    (weight, j) => options.strength * (weight - (options.prior[j] ?? 0)),
  );
  const hessian = weights.map((_, j) => weights.map((__, k) => (j === k ? options.strength : 0)));
  for (const [i, row] of rows.entries()) {
    const probability = 1 / (1 + Math.exp(-dot(row, weights)));
    const curvature = probability * (1 - probability);
    for (const [j, value] of row.entries()) {
      gradient[j] = (gradient[j] ?? 0) + (probability - (targets[i] ?? 0)) * value;
      const line = hessian[j] ?? [];
      for (const [k, other] of row.entries()) line[k] = (line[k] ?? 0) + curvature * value * other;
    }
  }
  return solve(hessian, gradient);
}

/** Solves A x = b by elimination; A is positive definite (the prior sees to it), so no pivoting. */
function solve(matrix: number[][], right: number[]): number[] {
  const size = right.length;
  for (let k = 0; k < size; k++) {
    const pivot = matrix[k] ?? [];
    for (let i = k + 1; i < size; i++) {
      const line = matrix[i] ?? [];
      const factor = (line[k] ?? 0) / (pivot[k] ?? 1);
      for (let j = k; j < size; j++) line[j] = (line[j] ?? 0) - factor * (pivot[j] ?? 0);
      right[i] = (right[i] ?? 0) - factor * (right[k] ?? 0);
    }
  }
  for (let k = size - 1; k >= 0; k--) {
    const line = matrix[k] ?? [];
    let rest = right[k] ?? 0;
    for (let j = k + 1; j < size; j++) rest -= (line[j] ?? 0) * (right[j] ?? 0);
    right[k] = rest / (line[k] ?? 1);
  }
  return right;
}

function dot(a: readonly number[], b: readonly number[]): number {
  let total = 0;
  for (const [i, value] of a.entries()) total += value * (b[i] ?? 0);
  return total;
}
