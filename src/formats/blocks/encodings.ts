import { SampanError } from "../../kernel/index.ts";

interface Encoding {
  /** ggml's number of the type, as a GGUF tensor header stores it. */
  readonly id: number;
  /** Weights in one block. */
  readonly weights: number;
  /** Bytes of one block. */
  readonly bytes: number;
}

/** Every block format a GGUF may hold. Source: ggml/include/ggml.h and ggml/src/ggml-common.h. */
const encodings: Readonly<Record<string, Encoding>> = {
  F32: { id: 0, weights: 1, bytes: 4 },
  F16: { id: 1, weights: 1, bytes: 2 },
  Q4_0: { id: 2, weights: 32, bytes: 18 },
  Q4_1: { id: 3, weights: 32, bytes: 20 },
  Q5_0: { id: 6, weights: 32, bytes: 22 },
  Q5_1: { id: 7, weights: 32, bytes: 24 },
  Q8_0: { id: 8, weights: 32, bytes: 34 },
  Q2_K: { id: 10, weights: 256, bytes: 84 },
  Q3_K: { id: 11, weights: 256, bytes: 110 },
  Q4_K: { id: 12, weights: 256, bytes: 144 },
  Q5_K: { id: 13, weights: 256, bytes: 176 },
  Q6_K: { id: 14, weights: 256, bytes: 210 },
  IQ2_XXS: { id: 16, weights: 256, bytes: 66 },
  IQ2_XS: { id: 17, weights: 256, bytes: 74 },
  IQ3_XXS: { id: 18, weights: 256, bytes: 98 },
  IQ1_S: { id: 19, weights: 256, bytes: 50 },
  IQ4_NL: { id: 20, weights: 32, bytes: 18 },
  IQ3_S: { id: 21, weights: 256, bytes: 110 },
  IQ2_S: { id: 22, weights: 256, bytes: 82 },
  IQ4_XS: { id: 23, weights: 256, bytes: 136 },
  I8: { id: 24, weights: 1, bytes: 1 },
  I16: { id: 25, weights: 1, bytes: 2 },
  I32: { id: 26, weights: 1, bytes: 4 },
  I64: { id: 27, weights: 1, bytes: 8 },
  F64: { id: 28, weights: 1, bytes: 8 },
  IQ1_M: { id: 29, weights: 256, bytes: 56 },
  BF16: { id: 30, weights: 1, bytes: 2 },
  TQ1_0: { id: 34, weights: 256, bytes: 54 },
  TQ2_0: { id: 35, weights: 256, bytes: 66 },
  MXFP4: { id: 39, weights: 32, bytes: 17 },
};

const names = new Map(Object.entries(encodings).map(([name, { id }]) => [id, name]));

/** Name of the ggml type with this number, or undefined when it is unknown. */
export function encodingName(id: number): string | undefined {
  return names.get(id);
}

/** ggml's number of a named type; `base-unsupported` when there is none. */
export function encodingId(name: string): number {
  return encodingOf(name).id;
}

/** Whether a row of this many columns can be stored in this encoding. */
export function fitsColumns(encoding: string, columns: number): boolean {
  return columns % encodingOf(encoding).weights === 0;
}

/** Bytes that one row of `columns` weights takes; the columns must fill whole blocks. */
export function rowBytes(encoding: string, columns: number): number {
  const { weights, bytes } = encodingOf(encoding);
  if (columns % weights !== 0) {
    throw new SampanError("internal", `a row of ${columns} is no multiple of ${encoding}'s block`, {
      hint: `Choose an encoding whose block (${weights} weights here) divides the row.`,
    });
  }
  return (columns / weights) * bytes;
}

function encodingOf(name: string): Encoding {
  const encoding = Object.hasOwn(encodings, name) ? encodings[name] : undefined;
  if (encoding !== undefined) return encoding;
  throw new SampanError("base-unsupported", `unknown weight encoding ${name}`, {
    hint: `Known encodings: ${Object.keys(encodings).join(", ")}.`,
  });
}
