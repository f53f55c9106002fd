/**
 * A linear-chain conditional random field over one sequence (Lafferty, McCallum and Pereira 2001):
 * P(labels) = exp(sum of emissions and transitions) / Z. Emission scores are [length, labels].
 */
export interface ChainScores {
  readonly length: number;
  readonly labels: number;
  readonly emissions: Float64Array;
  /** [labels, labels]: score of going from the row's label to the column's. */
  readonly transitions: Float64Array;
}

/** What forward-backward finds. */
export interface ChainMarginals {
  readonly logPartition: number;
  /** P(label at a position), [length, labels]. */
  readonly nodes: Float64Array;
}

/** Forward and backward sums, scaled at each position so that nothing under- or overflows. */
export function sumChain(
  { length, labels, emissions, transitions }: ChainScores,
  expectedTransitions?: Float64Array,
): ChainMarginals {
  const factors = transitions.map(Math.exp);
  const local = new Float64Array(length * labels);
  let logPartition = 0;
  for (let t = 0; t < length; t++) {
    let most = Number.NEGATIVE_INFINITY;
    for (let y = 0; y < labels; y++) most = Math.max(most, emissions[t * labels + y] ?? 0);
    for (let y = 0; y < labels; y++) {
      local[t * labels + y] = Math.exp((emissions[t * labels + y] ?? 0) - most);
    }
    logPartition += most;
  }
  const forward = new Float64Array(length * labels);
  const scales = new Float64Array(length);
  const reached = new Float64Array(labels);
  for (let t = 0; t < length; t++) {
    const at = t * labels;
    reached.fill(t === 0 ? 1 : 0);
    for (let x = 0; t > 0 && x < labels; x++) {
      const from = forward[at - labels + x] ?? 0;
      for (let y = 0; y < labels; y++) {
        reached[y] = (reached[y] ?? 0) + from * (factors[x * labels + y] ?? 0);
      }
    }
    let total = 0;
    for (let y = 0; y < labels; y++) {
      const value = (reached[y] ?? 0) * (local[at + y] ?? 0);
      forward[at + y] = value;
      total += value;
    }
    scales[t] = total;
    logPartition += Math.log(total);
    for (let y = 0; y < labels; y++) forward[at + y] = (forward[at + y] ?? 0) / total;
  }
  const nodes = sumBackward(length, labels, local, factors, forward, scales, expectedTransitions);
  return { logPartition, nodes };
}

function sumBackward(
  length: number,
  labels: number,
  local: Float64Array,
  factors: Float64Array,
  forward: Float64Array,
  scales: Float64Array,
  expectedTransitions: Float64Array | undefined,
): Float64Array {
  const nodes = new Float64Array(length * labels);
  let ahead = new Float64Array(labels).fill(1);
  let behind = new Float64Array(labels);
  for (let t = length - 1; t >= 0; t--) {
    const at = t * labels;
    for (let y = 0; y < labels; y++) nodes[at + y] = (forward[at + y] ?? 0) * (ahead[y] ?? 0);
    if (t === 0) break;
    const scale = scales[t] ?? 1;
    for (let y = 0; y < labels; y++) ahead[y] = ((ahead[y] ?? 0) * (local[at + y] ?? 0)) / scale;
    for (let x = 0; x < labels; x++) {
      let total = 0;
      const from = forward[at - labels + x] ?? 0;
      for (let y = 0; y < labels; y++) {
        const step = (factors[x * labels + y] ?? 0) * (ahead[y] ?? 0);
        total += step;
        if (expectedTransitions !== undefined) {
          const k = x * labels + y;
          expectedTransitions[k] = (expectedTransitions[k] ?? 0) + from * step;
        }
      }
      behind[x] = total;
    }
    [ahead, behind] = [behind, ahead];
  }
  return nodes;
}

/** Score of one labelling, the numerator's logarithm. */
export function scoreLabels(scores: ChainScores, path: ArrayLike<number>): number {
  const { length, labels, emissions, transitions } = scores;
  let total = 0;
  for (let t = 0; t < length; t++) {
    const y = path[t] ?? 0;
    total += emissions[t * labels + y] ?? 0;
    if (t > 0) total += transitions[(path[t - 1] ?? 0) * labels + y] ?? 0;
  }
  return total;
}

/** The most probable labelling (Viterbi 1967); the lower label wins a tie. */
export function bestLabels({ length, labels, emissions, transitions }: ChainScores): Int32Array {
  const from = new Int32Array(length * labels);
  let scores = emissions.slice(0, labels);
  for (let t = 1; t < length; t++) {
    const next = new Float64Array(labels);
    for (let y = 0; y < labels; y++) {
      let best = 0;
      let most = Number.NEGATIVE_INFINITY;
      for (let x = 0; x < labels; x++) {
        const score = (scores[x] ?? 0) + (transitions[x * labels + y] ?? 0);
        if (score > most) [best, most] = [x, score];
      }
      next[y] = most + (emissions[t * labels + y] ?? 0);
      from[t * labels + y] = best;
    }
    scores = next;
  }
  const path = new Int32Array(length);
  let label = 0;
  for (let y = 1; y < labels; y++) if ((scores[y] ?? 0) > (scores[label] ?? 0)) label = y;
  for (let t = length - 1; t >= 0; t--) {
    path[t] = label;
    label = from[t * labels + label] ?? 0;
  }
  return path;
}
