/** Value of a smooth function at `x`; its gradient is written to `gradient`. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface MinimizeOptions {
  readonly maxIterations: number;
  /** Stop when no component of the gradient exceeds it. */
  readonly tolerance: number;
  readonly onIteration?: (iteration: number, value: number) => void;
}

export interface MinimizeResult {
  readonly value: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** Pairs of steps that L-BFGS remembers; 10 as in SciPy. */
const memory = 10;

/**
 * Minimizes a smooth function in place of `x` by L-BFGS (Nocedal 1980, two-loop recursion) with a
 * bisection line search for the weak Wolfe conditions (Lewis and Overton 2013). Deterministic.
 */
export function minimize(
  objective: Objective,
  x: Float64Array,
  options: MinimizeOptions,
): MinimizeResult {
  const gradient = new Float64Array(x.length);
  const direction = new Float64Array(x.length);
  const history: Step[] = [];
  let state: Point = { x, gradient, value: objective(x, gradient) };
  let trial: Point = {
    x: new Float64Array(x.length),
    gradient: new Float64Array(x.length),
    value: 0,
  };
  let iterations = 0;
  let converged = largest(state.gradient) <= options.tolerance;
  while (!converged && iterations < options.maxIterations) {
    descend(state.gradient, history, direction);
    const first = history.length === 0 ? 1 / Math.max(1, norm(direction)) : 1;
    const before = state.value;
    if (!searchLine(objective, state, direction, first, trial)) break;
    remember(history, state, trial);
    [state, trial] = [trial, state];
    iterations++;
    options.onIteration?.(iterations, state.value);
    const stalled = before - state.value <= 1e-14 * Math.max(1, Math.abs(before));
    converged = largest(state.gradient) <= options.tolerance;
    if (stalled) break;
  }
  if (state.x !== x) x.set(state.x);
  return { value: state.value, iterations, converged };
}

interface Point {
  readonly x: Float64Array;
  readonly gradient: Float64Array;
  value: number;
}

interface Step {
  readonly moved: Float64Array;
  readonly turned: Float64Array;
  readonly curvature: number;
}

/** direction = -H gradient, where H is the inverse Hessian that the history implies. */
function descend(gradient: Float64Array, history: readonly Step[], direction: Float64Array): void {
  for (let i = 0; i < direction.length; i++) direction[i] = -(gradient[i] ?? 0);
  const weights: number[] = [];
  for (const step of history.toReversed()) {
    const weight = dot(step.moved, direction) / step.curvature;
    weights.push(weight);
    add(direction, -weight, step.turned);
  }
  const last = history.at(-1);
  if (last !== undefined) {
    const scale = last.curvature / dot(last.turned, last.turned);
    for (let i = 0; i < direction.length; i++) direction[i] = scale * (direction[i] ?? 0);
  }
  for (const step of history) {
    const weight = (weights.pop() ?? 0) - dot(step.turned, direction) / step.curvature;
    add(direction, weight, step.moved);
  }
}

/** Finds a step along `direction` that meets the weak Wolfe conditions; writes it to `to`. */
function searchLine(
  objective: Objective,
  from: Point,
  direction: Float64Array,
  first: number,
  to: Point,
): boolean {
  const slope = dot(from.gradient, direction);
  if (!(slope < 0)) return false;
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let step = first;
  for (let attempt = 0; attempt < 40; attempt++) {
    for (let i = 0; i < to.x.length; i++) {
      to.x[i] = (from.x[i] ?? 0) + step * (direction[i] ?? 0);
    }
    to.value = objective(to.x, to.gradient);
    if (!(to.value <= from.value + 1e-4 * step * slope)) high = step;
    else if (dot(to.gradient, direction) < 0.9 * slope) low = step;
    else return true;
    step = high === Number.POSITIVE_INFINITY ? 2 * low : (low + high) / 2;
  }
  return to.value < from.value;
}

function remember(history: Step[], from: Point, to: Point): void {
  const reused = history.length === memory ? history.shift() : undefined;
  const moved = reused?.moved ?? new Float64Array(from.x.length);
  const turned = reused?.turned ?? new Float64Array(from.x.length);
  for (let i = 0; i < moved.length; i++) {
    moved[i] = (to.x[i] ?? 0) - (from.x[i] ?? 0);
    turned[i] = (to.gradient[i] ?? 0) - (from.gradient[i] ?? 0);
  }
  const curvature = dot(moved, turned);
  if (curvature > 1e-12 * dot(turned, turned)) history.push({ moved, turned, curvature });
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += (a[i] ?? 0) * (b[i] ?? 0);
  return total;
}

function add(to: Float64Array, scale: number, values: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] ?? 0) + scale * (values[i] ?? 0);
}

function norm(values: Float64Array): number {
  return Math.sqrt(dot(values, values));
}

function largest(values: Float64Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i] ?? 0));
  return most;
}
