import { canonicalJson } from "../kernel/index.ts";
import type { Answer, AnswerOption, PoolMap } from "../schema/index.ts";

/** Most options that an answer carries on. */
const mostOptions = 16;
/** Keeps logarithms finite; what a member rules out altogether another may still bring in. */
const leastProbability = 1e-6;

/** One output under both members; `option` is undefined for all that neither of them lists. */
export interface PooledOption {
  readonly option: AnswerOption | undefined;
  /** Logarithms of the members' probabilities: before, after. */
  readonly logs: readonly [number, number];
}

/** Every output that either answer lists, and one entry for the rest; undefined without two lists. */
export function pooledOptions(before: Answer, after: Answer): readonly PooledOption[] | undefined {
  if (before.options === undefined || after.options === undefined) return undefined;
  const [first, second] = [byOutput(before.options), byOutput(after.options)];
  const keys = new Set([...first.keys(), ...second.keys()]);
  const rest: [number, number] = [logOf(1 - sum(before.options)), logOf(1 - sum(after.options))];
  const listed = [...keys].sort().map((key): PooledOption => {
    const option = first.get(key) ?? second.get(key);
    const [a, b] = [first.get(key)?.probability ?? 0, second.get(key)?.probability ?? 0];
    return { option, logs: [logOf(a), logOf(b)] };
  });
  return [...listed, { option: undefined, logs: rest }];
}

/**
 * The logarithmic opinion pool of two answers' options: p ~ before^a x after^b (Genest and Zidek 1986). Its
 * best output, with its probability as the confidence and the pooled options. Undefined without two lists.
 */
export function poolAnswers(
  before: Answer,
  after: Answer,
  map: PoolMap,
): Pick<Answer, "output" | "confidence" | "options"> | undefined {
  const pooled = pooledOptions(before, after);
  if (pooled === undefined) return undefined;
  const probabilities = poolProbabilities(pooled, [map.before, map.after]);
  const options = pooled
    .flatMap(({ option }, i) =>
      option === undefined ? [] : [{ ...option, probability: probabilities[i] ?? 0 }],
    )
    .sort((a, b) => b.probability - a.probability)
    .slice(0, mostOptions);
  const [best] = options;
  if (best === undefined) return undefined;
  return { output: best.output, confidence: best.probability, options };
}

/** softmax(weights . logs) over the options. */
export function poolProbabilities(
  pooled: readonly PooledOption[],
  weights: readonly [number, number],
): readonly number[] {
  const scores = pooled.map(({ logs }) => weights[0] * logs[0] + weights[1] * logs[1]);
  const most = Math.max(...scores);
  const masses = scores.map((score) => Math.exp(score - most));
  const total = masses.reduce((all, mass) => all + mass, 0);
  return masses.map((mass) => mass / total);
}

function byOutput(options: readonly AnswerOption[]): ReadonlyMap<string, AnswerOption> {
  return new Map(options.map((option) => [canonicalJson(option.output), option]));
}

function sum(options: readonly AnswerOption[]): number {
  return options.reduce((total, { probability }) => total + probability, 0);
}

function logOf(probability: number): number {
  return Math.log(Math.max(leastProbability, probability));
}
