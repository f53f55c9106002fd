import { bestLabels, type ChainScores } from "./linear-chain.ts";

/** What a labelling must keep to be an answer: one run a property, and the required ones present. */
export interface SpanRules {
  readonly properties: number;
  /** Indices of properties that must have a run, where the tokens allow it. */
  readonly required: readonly number[];
  /** Whether a run may go on from the token before to this one (false where a new text begins). */
  readonly joins: (token: number) => boolean;
}

/** Partial labellings kept at each token; the plain best one breaks the rules in few inputs. */
const beamWidth = 64;
/** Properties are remembered as bits of one number. */
const maxProperties = 30;

/**
 * The best path of states (`statesOf`) that keeps the rules: Viterbi's where it does, else the best
 * that a beam finds.
 */
export function decodeSpans(scores: ChainScores, rules: SpanRules): Int32Array {
  const best = bestLabels(scores);
  if (rules.properties > maxProperties || keepsRules(best, rules)) return best;
  return searchBeam(scores, rules) ?? best;
}

function keepsRules(path: Int32Array, { properties, required, joins }: SpanRules): boolean {
  let used = 0;
  for (const [t, state] of path.entries()) {
    const property = state - properties - 1;
    if (property < 0 || (t > 0 && path[t - 1] === state && joins(t))) continue;
    if ((used & (1 << property)) !== 0) return false;
    used |= 1 << property;
  }
  return required.every((property) => (used & (1 << property)) !== 0);
}

interface Partial {
  readonly score: number;
  readonly state: number;
  /** Bit p: property p has had its run. */
  readonly used: number;
  readonly before: Partial | undefined;
}

function searchBeam(scores: ChainScores, rules: SpanRules): Int32Array | undefined {
  let beam: readonly Partial[] = [];
  for (let t = 0; t < scores.length; t++) beam = extendBeam(beam, t, scores, rules);
  const needed = rules.required.reduce((bits, property) => bits | (1 << property), 0);
  const end = beam.find(({ used }) => (used & needed) === needed) ?? beam[0];
  if (end === undefined) return undefined;
  const path = new Int32Array(scores.length);
  let at: Partial | undefined = end;
  for (let t = scores.length - 1; t >= 0; t--) {
    path[t] = at?.state ?? 0;
    at = at?.before;
  }
  return path;
}

/** All continuations by one token, the best for each (state, used), best first. */
function extendBeam(
  beam: readonly Partial[],
  t: number,
  { labels, emissions, transitions }: ChainScores,
  { properties, joins }: SpanRules,
): readonly Partial[] {
  const found = new Map<string, Partial>();
  const starts: readonly (Partial | undefined)[] = t === 0 ? [undefined] : beam;
  for (const before of starts) {
    for (let state = 0; state < labels; state++) {
      const bit = state > properties ? 1 << (state - properties - 1) : 0;
      const goesOn = before?.state === state && joins(t);
      const earlier = before?.used ?? 0;
      if (bit !== 0 && !goesOn && (earlier & bit) !== 0) continue;
      const step = before === undefined ? 0 : (transitions[before.state * labels + state] ?? 0);
      const score = (before?.score ?? 0) + step + (emissions[t * labels + state] ?? 0);
      const used = earlier | bit;
      const key = `${state}:${used}`;
      if (score > (found.get(key)?.score ?? Number.NEGATIVE_INFINITY)) {
        found.set(key, { score, state, used, before });
      }
    }
  }
  return [...found.values()].sort((a, b) => b.score - a.score).slice(0, beamWidth);
}
