import type { ModelShape, TuneSettings } from "../schema/index.ts";
import { allProjections, projectionShape } from "./model/adapter-layout.ts";
import type { ResolvedTuneSettings, TuneExample } from "./tune-request.ts";

export interface ChosenSettings {
  readonly settings: ResolvedTuneSettings;
  /** One line per setting: why it has its value. */
  readonly reasons: Readonly<Record<string, string>>;
}

/** What the rules look at. */
export interface TuneFacts {
  readonly config: ModelShape;
  readonly train: readonly Pick<TuneExample, "prompt" | "answer">[];
  readonly settings: TuneSettings;
}

/** Chooses every setting that was left open, by rule, and says why. */
export function chooseTuneSettings({ train, settings }: TuneFacts): ChosenSettings {
  const reasons: Record<string, string> = {};
  const choose = <T>(name: string, set: T | undefined, value: T, why: string): T => {
    reasons[name] = set === undefined ? why : "set by the task";
    return set ?? value;
  };
  const records = Math.min(settings.records ?? train.length, train.length);
  const tokens = train.reduce((sum, one) => sum + one.prompt.length + one.answer.length, 0);
  const perRecord = Math.round(tokens / Math.max(1, train.length));
  const rank = choose("rank", settings.rank, 8, "8: enough for one bounded task");
  const epochs = Math.min(10, Math.max(3, Math.ceil(4500 / Math.max(1, records))));
  const batch = Math.min(1024, Math.max(128, Math.round((perRecord * 24) / 64) * 64));
  const resolved: ResolvedTuneSettings = {
    rank,
    alpha: choose("alpha", settings.alpha, 2 * rank, "twice the rank"),
    modules: choose("modules", settings.modules, allProjections, "all seven projections"),
    learningRate: choose(
      "learningRate",
      settings.learningRate,
      1e-3,
      "1e-3: low-rank tuning of small bases",
    ),
    epochs: choose(
      "epochs",
      settings.epochs,
      epochs,
      `${epochs}: some 4,500 looks at ${records} records, 3 to 10 epochs`,
    ),
    batchTokens: choose(
      "batchTokens",
      settings.batchTokens,
      batch,
      `${batch}: about ${Math.max(1, Math.round(batch / Math.max(1, perRecord)))} records of ${perRecord} tokens`,
    ),
    warmup: choose("warmup", settings.warmup, 0.06, "6 % of the steps"),
    weightDecay: choose(
      "weightDecay",
      settings.weightDecay,
      0,
      "none: the low rank already bounds the adapter",
    ),
    clip: choose("clip", settings.clip, 1, "norm 1"),
    loss: choose("loss", settings.loss, "decisions", "decisions: what bounded decoding will ask"),
    arithmetic: choose("arithmetic", settings.arithmetic, "f32", "f32: exact"),
    records: choose(
      "records",
      settings.records === undefined ? undefined : records,
      records,
      "all training records",
    ),
  };
  return { settings: resolved, reasons };
}

/** Floating-point operations to train on one token: forward and input gradient, 2 per weight each. */
export function flopsPerToken(config: ModelShape): number {
  const weights = allProjections
    .map((projection) => projectionShape(config, projection))
    .reduce((sum, [out, width]) => sum + out * width, 0);
  return 4 * weights * config.layers;
}

/** Steps in 8-bit integers against f32: 2.3 by the sum of each node's fastest time on one core (4 x 64). */
const int8Speedup = 2.3;

/**
 * Seconds a tuning will take at `flopsPerSecond` (140e9 is what two AVX-512 cores reached; the first steps
 * of a tuning tell better), with validation after each epoch.
 */
export function estimateTuneSeconds(
  facts: TuneFacts & { readonly validation: TuneFacts["train"] },
  flopsPerSecond = 140e9,
): number {
  const { settings } = chooseTuneSettings(facts);
  const count = (examples: TuneFacts["train"]) =>
    examples.reduce((sum, { prompt, answer }) => sum + prompt.length + answer.length, 0);
  const share = settings.records / Math.max(1, facts.train.length);
  const trained = count(facts.train) * share * settings.epochs;
  const validated = (count(facts.validation) * Math.ceil(settings.epochs)) / 2;
  const startSeconds = 3;
  const faster = settings.arithmetic === "int8" ? int8Speedup : 1;
  const flops = (trained + validated) * flopsPerToken(facts.config);
  return startSeconds + flops / (flopsPerSecond * faster);
}
