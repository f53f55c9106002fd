import { SampanError } from "../kernel/index.ts";
import type { Weights } from "../schema/index.ts";
import type { Feed } from "./onnx-session.ts";
import { fedTokens, type PackedRow } from "./pack.ts";
import type { TuneExample } from "./tune-request.ts";

/** Everything about a set of examples that the batches of one tuning share. */
export interface TokenRows {
  readonly width: number;
  /** Scaled embedding of each token that occurs, one row after the other. */
  readonly embeddings: Float32Array;
  /** Token id to row of `embeddings`. */
  readonly rowOf: ReadonlyMap<number, number>;
  /** Rows of the head that an answer may use, [allowed, width]. */
  readonly head: Feed;
  /** Token id to row of `head`. */
  readonly classOf: ReadonlyMap<number, number>;
  /** Whether some places are judged against fewer tokens than all of `head`. */
  readonly bounded: boolean;
}

/** Reads the rows of embedding and head that the examples need. */
export function readTokenRows(
  weights: Weights,
  examples: readonly TuneExample[],
  allowed: readonly number[] | undefined,
): TokenRows {
  const { width, vocabulary, embeddingScale, tiedHead } = weights.config;
  const ids = [...new Set(examples.flatMap(({ prompt, answer }) => [...prompt, ...answer]))];
  ids.sort((a, b) => a - b);
  const outside = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= vocabulary);
  if (outside !== undefined) {
    throw new SampanError("data-invalid", `token ${outside} is not one of ${vocabulary}`, {
      hint: "The records were tokenized for another base: prepare them again for this one.",
    });
  }
  const embeddings = weights.readRows("token_embd.weight", ids);
  if (embeddingScale !== 1) {
    for (let i = 0; i < embeddings.length; i++)
      embeddings[i] = (embeddings[i] ?? 0) * embeddingScale;
  }
  const classes = allowed === undefined ? undefined : [...new Set(allowed)].sort((a, b) => a - b);
  const matrix = tiedHead ? "token_embd.weight" : "output.weight";
  const head = classes === undefined ? weights.read(matrix) : weights.readRows(matrix, classes);
  return {
    width,
    embeddings,
    rowOf: new Map(ids.map((id, row) => [id, row])),
    head: { values: head, shape: [head.length / width, width] },
    classOf: new Map(
      (classes ?? Array.from({ length: vocabulary }, (_, id) => id)).map((id, row) => [id, row]),
    ),
    bounded: examples.some(
      ({ decisions }) => decisions?.some(({ among }) => among !== undefined) === true,
    ),
  };
}

/** One run's worth of rows, as the training graph wants it. */
export interface Batch {
  readonly feeds: Readonly<Record<string, Feed>>;
  readonly answerTokens: number;
  /** Tokens of the examples, as a user counts them: prompt and answer, no padding. */
  readonly tokens: number;
}

/**
 * Lays packed rows out: every example starts at position 0 and sees itself alone; padding sees itself
 * alone. `weight` multiplies the loss of each answer token.
 */
export function layOutBatch(
  rows: readonly PackedRow[],
  length: number,
  table: TokenRows,
  weight: number,
  window: number | undefined,
): Batch {
  const { width } = table;
  const embeddings = new Float32Array(rows.length * length * width);
  const positions = new BigInt64Array(rows.length * length);
  const [answers, targets]: [bigint[], bigint[]] = [[], []];
  const rivals: Rivals[] = [];
  const spans: Span[] = [];
  let tokens = 0;
  rows.forEach((row, index) => {
    let start = index * length;
    for (const example of row) {
      const ids = [...example.prompt, ...example.answer];
      const size = fedTokens(example);
      for (let i = 0; i < size; i++) {
        const from = lookUp(table.rowOf, ids[i], example.id) * width;
        embeddings.set(table.embeddings.subarray(from, from + width), (start + i) * width);
        positions[start + i] = BigInt(i);
      }
      const first = example.prompt.length;
      for (const { at, among } of example.decisions ?? everyPlace(example)) {
        answers.push(BigInt(start + first + at - 1));
        targets.push(BigInt(lookUp(table.classOf, ids[first + at], example.id)));
        rivals.push({ id: example.id, among });
      }
      spans.push({ row: index, start: start - index * length, size });
      start += size;
      tokens += ids.length;
    }
  });
  const [count, count1] = [[answers.length], [answers.length, 1]];
  const maskShape = [rows.length, 1, 1, length, length];
  const masks = { mask: drawMask(rows.length, length, spans, Infinity) };
  const feeds = {
    embeddings: { values: embeddings, shape: [rows.length * length, width] },
    positions: { values: positions, shape: [rows.length, length] },
    mask: { values: masks.mask, shape: maskShape },
    ...(window === undefined
      ? {}
      : {
          "local-mask": { values: drawMask(rows.length, length, spans, window), shape: maskShape },
        }),
    answers: { values: BigInt64Array.from(answers), shape: count },
    targets: { values: BigInt64Array.from(targets), shape: count1 },
    weights: { values: new Float32Array(answers.length).fill(weight), shape: count1 },
    head: table.head,
    ...(table.bounded ? { rivals: drawRivals(rivals, table) } : {}),
  };
  return { feeds, answerTokens: answers.length, tokens };
}

/** Every place of an answer, judged against all allowed tokens. */
function everyPlace({ answer }: TuneExample): NonNullable<TuneExample["decisions"]> {
  return answer.map((_, at) => ({ at, among: undefined }));
}

/** The tokens that one place of an example is judged among. */
interface Rivals {
  readonly id: string;
  readonly among: readonly number[] | undefined;
}

/** [answers, allowed]: 0 where a token could stand, -infinity where it could not. */
function drawRivals(rivals: readonly Rivals[], table: TokenRows): Feed {
  const classes = table.classOf.size;
  const values = new Float32Array(rivals.length * classes);
  for (const [row, { id, among }] of rivals.entries()) {
    if (among === undefined) continue;
    values.fill(-Infinity, row * classes, (row + 1) * classes);
    for (const rival of among) values[row * classes + lookUp(table.classOf, rival, id)] = 0;
  }
  return { values, shape: [rivals.length, classes] };
}

interface Span {
  readonly row: number;
  readonly start: number;
  readonly size: number;
}

/** 0 where token i may see token j, -infinity elsewhere: same example, j <= i, i - j < window. */
function drawMask(
  rows: number,
  length: number,
  spans: readonly Span[],
  window: number,
): Float32Array {
  const mask = new Float32Array(rows * length * length).fill(-Infinity);
  for (let i = 0; i < rows * length; i++) mask[i * length + (i % length)] = 0;
  for (const { row, start, size } of spans) {
    for (let i = 0; i < size; i++) {
      const first = Math.max(0, i - window + 1);
      const at = (row * length + start + i) * length + start;
      mask.fill(0, at + first, at + i + 1);
    }
  }
  return mask;
}

function lookUp(
  table: ReadonlyMap<number, number>,
  id: number | undefined,
  example: string,
): number {
  const row = id === undefined ? undefined : table.get(id);
  if (row !== undefined) return row;
  throw new SampanError(
    "data-invalid",
    `example ${example} needs token ${id}, which is not among the allowed ones`,
    {
      hint: "Add the token to the allowed ones, or take the example out.",
    },
  );
}
