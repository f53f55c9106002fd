import { SampanError, type JsonObject } from "../../kernel/index.ts";
import { isRequired, type ObjectSchema, type TaskRecord } from "../../schema/index.ts";
import { z } from "zod";
import { alignSpans, type TokenSpan } from "./align-spans.ts";
import type { ClassicalModel, Prediction } from "./classical-model.ts";
import { isSpan } from "./closed-answers.ts";
import { encodeTokens, fitFeatures, type FeatureTable } from "./feature-table.ts";
import { decodeSpans } from "./decode-spans.ts";
import { limitRecords } from "./limit-records.ts";
import { scoreLabels, sumChain, type ChainScores } from "./linear-chain.ts";
import { minimize } from "./minimize.ts";
import { corruptModel, packNumbers, unpackFloats, unpackIntegers } from "./packed-numbers.ts";
import {
  rememberOutside,
  scoreTokens,
  statesOf,
  taggerObjective,
  type TaggerStates,
} from "./tagger-objective.ts";
import { describeTokens } from "./token-features.ts";
import { granularities, tokenize, type Granularity, type TokenText } from "./tokens.ts";

export interface TaggerTraining {
  readonly records: readonly TaskRecord[];
  readonly output: ObjectSchema;
  readonly inversePenalty?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

const maxIterations = 150;
/** Operations of one iteration at most, by a rough count: some half a second of one core. */
const maxWork = 200_000_000;

/** Learns every property that is a span of the input: a linear-chain tagger over general token features. */
export function trainSpanTagger(training: TaggerTraining): SpanTagger {
  const properties = Object.entries(training.output.properties)
    .filter(([, field]) => isSpan(field))
    .map(([name]) => name);
  const states = statesOf(properties.length);
  const perToken = 60 * states.labels + 3 * states.count ** 2;
  const found = alignRecords(training.records, properties);
  const { granularity } = found;
  const aligned = limitRecords(found.aligned, ({ text }) => text.tokens.length * perToken, maxWork);
  if (aligned.length === 0) throw nothingAligned(properties);
  const described = aligned.map(({ text }) => describeTokens(text.tokens));
  const table = fitFeatures(described.flat());
  const ids = new Map(table.names.map((name, id) => [name, id]));
  const rows = encodeTokens(described.flat(), ids, table);
  const sequences = new Int32Array(aligned.length + 1);
  for (const [s, { text }] of aligned.entries()) {
    sequences[s + 1] = (sequences[s] ?? 0) + text.tokens.length;
  }
  const gold = Int32Array.from(
    aligned.flatMap((record) =>
      rememberOutside(labelTokens(record, properties), properties.length),
    ),
  );
  const weights = new Float64Array(weightsIn(table, states));
  minimize(
    taggerObjective({ rows, sequences, gold, states }, training.inversePenalty ?? 10),
    weights,
    {
      maxIterations,
      tolerance: 1e-4,
      onIteration: (iteration) => training.onProgress?.(iteration, maxIterations),
    },
  );
  training.onProgress?.(maxIterations, maxIterations);
  const required = properties.filter((name) => isRequired(training.output, name));
  return new SpanTagger({
    granularity,
    properties,
    required,
    table,
    weights: Float32Array.from(weights),
  });
}

interface AlignedRecord {
  readonly text: TokenText;
  readonly spans: readonly TokenSpan[];
}

/** The coarsest tokens on which nearly all records can be aligned; the records that cannot are left out. */
function alignRecords(
  records: readonly TaskRecord[],
  properties: readonly string[],
): { readonly granularity: Granularity; readonly aligned: readonly AlignedRecord[] } {
  let best: { granularity: Granularity; aligned: AlignedRecord[] } = {
    granularity: "words",
    aligned: [],
  };
  for (const granularity of granularities) {
    const aligned = records.flatMap((record) => {
      const text = tokenize(record.input, granularity);
      const spans = alignSpans(text, record.output, properties);
      return spans === undefined || text.tokens.length === 0 ? [] : [{ text, spans }];
    });
    // Finer tokens are harder to learn: taken only when they save two records in a hundred.
    if (aligned.length > best.aligned.length + 0.02 * records.length)
      best = { granularity, aligned };
  }
  return best;
}

/** Label of each token: 0 outside, else 1 + the index of its property. */
function labelTokens({ text, spans }: AlignedRecord, properties: readonly string[]): number[] {
  const labels = text.tokens.map(() => 0);
  for (const { property, first, last } of spans)
    labels.fill(1 + properties.indexOf(property), first, last);
  return labels;
}

interface TaggerParts {
  readonly granularity: Granularity;
  readonly properties: readonly string[];
  /** Those of the properties that every answer must have. */
  readonly required: readonly string[];
  readonly table: FeatureTable;
  /** [columns, labels], then transitions [states, states]. */
  readonly weights: Float32Array;
}

function weightsIn(table: FeatureTable, { labels, count }: TaggerStates): number {
  return table.sizes.length * labels + count * count;
}

/** A linear-chain conditional random field: the classical baseline for spans of the input. */
export class SpanTagger implements ClassicalModel {
  readonly kind = "tagger";
  readonly #parts: TaggerParts;
  readonly #ids: ReadonlyMap<string, number>;

  constructor(parts: TaggerParts) {
    this.#parts = parts;
    this.#ids = new Map(parts.table.names.map((name, id) => [name, id]));
  }

  predict(input: JsonObject): Prediction {
    const { granularity, properties } = this.#parts;
    const text = tokenize(input, granularity);
    if (text.tokens.length === 0) return { output: {}, confidence: 1 };
    const scores = this.#score(text);
    const path = decodeSpans(scores, {
      properties: properties.length,
      required: this.#parts.required.map((name) => properties.indexOf(name)),
      joins: (t) => text.tokens[t]?.segment === text.tokens[t - 1]?.segment,
    });
    const labels = path.map((state) => Math.max(0, state - properties.length));
    const confidence = Math.exp(scoreLabels(scores, path) - sumChain(scores).logPartition);
    return { output: readSpans(text, labels, properties), confidence: Math.min(1, confidence) };
  }

  #score(text: TokenText): ChainScores {
    const { properties, table, weights } = this.#parts;
    const states = statesOf(properties.length);
    const rows = encodeTokens(describeTokens(text.tokens), this.#ids, table);
    const length = text.tokens.length;
    const emissions = scoreTokens(rows, 0, length, weights, states);
    const transitions = Float64Array.from(weights.subarray(table.sizes.length * states.labels));
    return { length, labels: states.count, emissions, transitions };
  }

  toJson(): JsonObject {
    const { granularity, properties, required, table, weights } = this.#parts;
    return {
      kind: this.kind,
      version: 1,
      granularity,
      properties,
      required,
      features: table.names.join("\n"),
      columns: packNumbers(table.columnOf),
      sizes: packNumbers(table.sizes),
      weights: packNumbers(weights),
    };
  }

  /** Throws `format-corrupt` for anything that `toJson` cannot have written. */
  static fromJson(json: unknown): SpanTagger {
    const parsed = fileSchema.safeParse(json);
    if (!parsed.success) throw corruptModel(z.prettifyError(parsed.error));
    const { granularity, properties, required, features, ...packed } = parsed.data;
    const names = features.split("\n");
    const columnOf = unpackIntegers(packed.columns);
    const sizes = unpackIntegers(packed.sizes);
    const weights = unpackFloats(packed.weights);
    const table = { names, columnOf, sizes };
    const count = weightsIn(table, statesOf(properties.length));
    if (columnOf.length !== names.length || weights.length !== count) {
      throw corruptModel("the tagger's parts differ in length");
    }
    if (columnOf.some((column) => column < 0 || column >= sizes.length)) {
      throw corruptModel("a feature names a column that is not there");
    }
    if (required.some((name) => !properties.includes(name))) {
      throw corruptModel("a required property is not among its properties");
    }
    return new SpanTagger({ granularity, properties, required, table, weights });
  }
}

const fileSchema = z.object({
  kind: z.literal("tagger"),
  version: z.literal(1),
  granularity: z.enum(["words", "pieces", "characters"]),
  properties: z.array(z.string()).min(1).max(1_000),
  required: z.array(z.string()),
  features: z.string(),
  columns: z.string(),
  sizes: z.string(),
  weights: z.string(),
});

/** The longest run of each property's label; runs do not cross from one input text to the next. */
function readSpans(
  { text, tokens }: TokenText,
  path: Int32Array,
  properties: readonly string[],
): JsonObject {
  const output: Record<string, string> = {};
  let start = 0;
  for (let t = 1; t <= tokens.length; t++) {
    const goesOn =
      t < tokens.length && path[t] === path[start] && tokens[t]?.segment === tokens[start]?.segment;
    if (goesOn) continue;
    const property = properties[(path[start] ?? 0) - 1];
    const value = text.slice(tokens[start]?.start, tokens[t - 1]?.end);
    if (property !== undefined && value.length > (output[property]?.length ?? 0))
      output[property] = value;
    start = t;
  }
  return output;
}

function nothingAligned(properties: readonly string[]): SampanError {
  return new SampanError(
    "data-invalid",
    `no training record whose ${properties.join(", ")} can be found in its input`,
    {
      hint: "`source: input` promises verbatim spans; check the records, or take the promise out of the schema.",
    },
  );
}
