/** AdamW (Loshchilov and Hutter, arXiv 1711.05101) with the betas and epsilon that PyTorch defaults to. */
const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;

/** What the optimizer remembers: running means of gradient and squared gradient, and steps taken. */
export interface OptimizerState {
  readonly mean: Float32Array;
  readonly square: Float32Array;
  steps: number;
}

export function startOptimizer(size: number): OptimizerState {
  return { mean: new Float32Array(size), square: new Float32Array(size), steps: 0 };
}

/** One AdamW step on `values`, in place; sums are in f64, stored values in f32. */
export function takeStep(
  values: Float32Array,
  gradient: Float32Array,
  state: OptimizerState,
  { rate, weightDecay }: { readonly rate: number; readonly weightDecay: number },
): void {
  state.steps += 1;
  const { mean, square } = state;
  const correct1 = 1 / (1 - beta1 ** state.steps);
  const correct2 = 1 / (1 - beta2 ** state.steps);
  const keep = 1 - rate * weightDecay;
  for (let i = 0; i < values.length; i++) {
    const g = gradient[i] ?? 0;
    const m = beta1 * (mean[i] ?? 0) + (1 - beta1) * g;
    const v = beta2 * (square[i] ?? 0) + (1 - beta2) * g * g;
    mean[i] = m;
    square[i] = v;
    const move = (rate * m * correct1) / (Math.sqrt(v * correct2) + epsilon);
    values[i] = (values[i] ?? 0) * keep - move;
  }
}

/** Scales the gradient down, in place, to a Euclidean norm of at most `limit`; returns the norm before. */
export function clipGradient(gradient: Float32Array, limit: number): number {
  let sum = 0;
  for (let i = 0; i < gradient.length; i++) sum += (gradient[i] ?? 0) ** 2;
  const norm = Math.sqrt(sum);
  if (norm > limit) {
    const factor = limit / norm;
    for (let i = 0; i < gradient.length; i++) gradient[i] = (gradient[i] ?? 0) * factor;
  }
  return norm;
}

export interface Schedule {
  readonly peak: number;
  readonly steps: number;
  /** Share of the steps that rise. */
  readonly warmup: number;
}

/** Rate of a step (counted from 0): rises linearly to the peak, then falls as a half cosine towards 0. */
export function rateAt({ peak, steps, warmup }: Schedule, step: number): number {
  const rising = Math.round(steps * warmup);
  if (step < rising) return (peak * (step + 1)) / (rising + 1);
  const progress = (step - rising) / Math.max(1, steps - rising);
  return (peak * (1 + Math.cos(Math.PI * Math.min(1, progress)))) / 2;
}
