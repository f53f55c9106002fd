/** A damped least-squares problem: residuals of a vector of unknowns, those unknowns starting at 0. */
export interface LeastSquares {
  readonly unknowns: number;
  /** Weighted residuals; the last members may be priors. */
  residuals(values: Float64Array): Float64Array;
}

const step = 1e-4;
const iterations = 25;
const tolerance = 1e-5;

/** Levenberg and Marquardt's method with forward differences: same input, same output. */
export function solveLeastSquares(problem: LeastSquares): Float64Array {
  const n = problem.unknowns;
  let values = new Float64Array(n);
  let residuals = problem.residuals(values);
  let cost = squared(residuals);
  let damping = 1e-2;
  for (let round = 0; round < iterations; round++) {
    const jacobian = differentiate(problem, values, residuals);
    const { normal, gradient } = normalEquations(jacobian, residuals, n);
    let improved = false;
    for (let attempt = 0; attempt < 6 && !improved; attempt++) {
      const move = solveSymmetric(damped(normal, n, damping), gradient, n);
      const next = values.map((value, index) => value - (move[index] ?? 0));
      const nextResiduals = problem.residuals(next);
      const nextCost = squared(nextResiduals);
      if (nextCost < cost) {
        const gain = (cost - nextCost) / cost;
        [values, residuals, cost] = [next, nextResiduals, nextCost];
        damping = Math.max(damping / 5, 1e-6);
        improved = true;
        if (gain < tolerance) return values;
      } else damping *= 5;
    }
    if (!improved) return values;
  }
  return values;
}

function squared(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value * value;
  return total;
}

function differentiate(
  problem: LeastSquares,
  values: Float64Array,
  residuals: Float64Array,
): Float64Array[] {
  const columns: Float64Array[] = [];
  const moved = Float64Array.from(values);
  for (let index = 0; index < problem.unknowns; index++) {
    const before = values[index] ?? 0;
    moved[index] = before + step;
    const after = problem.residuals(moved);
    moved[index] = before;
    columns.push(after.map((value, row) => (value - (residuals[row] ?? 0)) / step));
  }
  return columns;
}

function normalEquations(
  columns: readonly Float64Array[],
  residuals: Float64Array,
  n: number,
): { readonly normal: Float64Array; readonly gradient: Float64Array } {
  const normal = new Float64Array(n * n);
  const gradient = new Float64Array(n);
  columns.forEach((left, i) => {
    gradient[i] = dot(left, residuals);
    for (let j = i; j < n; j++) {
      const value = dot(left, columns[j] ?? left);
      normal[i * n + j] = value;
      normal[j * n + i] = value;
    }
  });
  return { normal, gradient };
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let index = 0; index < a.length; index++) total += (a[index] ?? 0) * (b[index] ?? 0);
  return total;
}

function damped(normal: Float64Array, n: number, damping: number): Float64Array {
  const result = Float64Array.from(normal);
  for (let i = 0; i < n; i++) result[i * n + i] = (normal[i * n + i] ?? 0) * (1 + damping) + 1e-9;
  return result;
}

/** Solves A x = b for a positive definite A [n, n] by Cholesky's factors. */
export function solveSymmetric(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const lower = Float64Array.from(a);
  const at = (i: number, j: number): number => lower[i * n + j] ?? 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let total = at(i, j);
      for (let k = 0; k < j; k++) total -= at(i, k) * at(j, k);
      lower[i * n + j] = i === j ? Math.sqrt(Math.max(total, 1e-12)) : total / at(j, j);
    }
  }
  const x = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] = (x[i] ?? 0) - at(i, k) * (x[k] ?? 0);
    x[i] = (x[i] ?? 0) / at(i, i);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] = (x[i] ?? 0) - at(k, i) * (x[k] ?? 0);
    x[i] = (x[i] ?? 0) / at(i, i);
  }
  return x;
}
