import { writeAtomically } from "../../disk/index.ts";
import {
  encodeBlocks,
  ggufChunks,
  ggufWeights,
  tokenType,
  writableEncodings,
  type GgufFile,
  type GgufMetadata,
  type GgufTensor,
  type GgufValue,
  type TensorToWrite,
} from "../../formats/index.ts";
import { SampanError } from "../../kernel/index.ts";
import type { Weights } from "../../schema/index.ts";
import type { TokenTable } from "../token-table.ts";
import type { Addition } from "./choose-additions.ts";

/** How many tokens at the end of the vocabulary were added; written into the file. */
export const addedKey = "sampan.vocabulary.added";

export interface ExtendRequest {
  readonly file: GgufFile;
  readonly table: TokenTable;
  readonly additions: readonly Addition[];
  readonly out: string;
}

/**
 * Writes the file with further tokens at the end. Their rows are the means of the rows of the pieces they
 * stand for, in the blocks of the tensor; all other bytes of weights are copied as they are.
 * `base-unsupported` when the blocks cannot be written here.
 */
export function extendFile({ file, table, additions, out }: ExtendRequest): void {
  const weights = ggufWeights(file);
  const metadata = extendMetadata(file, table, additions);
  const tensors = [...file.tensors.values()].map((tensor): TensorToWrite => {
    const { name, shape } = tensor;
    if (name !== "token_embd.weight" && name !== "output.weight") {
      return { ...tensor, data: () => file.readRaw(name) };
    }
    if (!writableEncodings.includes(tensor.encoding)) throw unwritable(file.name, tensor);
    const [rows = 0, ...columns] = shape;
    const data = (): Uint8Array =>
      Buffer.concat([file.readRaw(name), newRows(weights, tensor, additions)]);
    return { ...tensor, shape: [rows + additions.length, ...columns], data };
  });
  writeAtomically(out, ggufChunks(metadata, tensors));
}

/** The mean of the pieces' rows, summed in f64, for each addition. */
function newRows(
  weights: Weights,
  { name, shape, encoding }: GgufTensor,
  additions: readonly Addition[],
): Uint8Array {
  const width = shape.at(-1) ?? 1;
  const values = new Float32Array(additions.length * width);
  for (const [index, { pieces }] of additions.entries()) {
    const rows = weights.readRows(name, pieces);
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let piece = 0; piece < pieces.length; piece++) sum += rows[piece * width + column] ?? 0;
      values[index * width + column] = sum / pieces.length;
    }
  }
  return encodeBlocks(encoding, values);
}

function extendMetadata(
  file: GgufFile,
  table: TokenTable,
  additions: readonly Addition[],
): GgufMetadata {
  const size = table.tokens.length + additions.length;
  const worst =
    table.kind === "sentence-piece"
      ? Array.from(table.scores).reduce((a, b) => Math.min(a, b), 0)
      : 0;
  const metadata = new Map<string, GgufValue>();
  for (const [key, entry] of file.metadata) {
    if (key !== "tokenizer.huggingface.json") metadata.set(key, extendEntry(key, entry));
  }
  metadata.set(addedKey, { kind: "u32", value: additions.length });
  return metadata;

  function extendEntry(key: string, entry: GgufValue): GgufValue {
    if ((entry.kind === "u32" || entry.kind === "i32") && key.endsWith(".vocab_size")) {
      return { ...entry, value: size };
    }
    if (entry.kind !== "array") return entry;
    switch (key) {
      case "tokenizer.ggml.tokens":
        return texts([...table.tokens, ...additions.map(({ text }) => text)]);
      case "tokenizer.ggml.merges":
        if (table.kind !== "byte-level") return entry;
        return texts([...table.merges, ...additions.map(({ left, right }) => `${left} ${right}`)]);
      case "tokenizer.ggml.token_type":
        return append(
          entry,
          additions.map(() => tokenType.normal),
        );
      case "tokenizer.ggml.scores":
        // Below all others, in the order in which they were learned: old joins come first.
        return append(
          entry,
          additions.map((_, rank) => worst - 1 - rank),
        );
      default:
        if (!key.startsWith("tokenizer.ggml.") || entry.value.length !== table.tokens.length) {
          return entry;
        }
        throw new SampanError("base-unsupported", `${file.name}: ${key} is not understood here`, {
          hint: "Its vocabulary must be kept as it is.",
        });
    }
  }
}

function texts(value: readonly string[]): GgufValue {
  return { kind: "array", element: "text", value };
}

// The element's kind is kept, so the numbers go back into an array of their own kind.
function append(entry: GgufValue & { readonly kind: "array" }, more: readonly number[]): GgufValue {
  const value = [...Array.from(entry.value as ArrayLike<number>), ...more];
  return { ...entry, value } as GgufValue;
}

function unwritable(file: string, { name, encoding }: GgufTensor): SampanError {
  return new SampanError("base-unsupported", `${file}: ${name} is in ${encoding}`, {
    hint: `New rows can be written in ${writableEncodings.join(", ")}: start from such a file of the base.`,
  });
}
