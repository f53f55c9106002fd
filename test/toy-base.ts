import {
  ggufChunks,
  memorySource,
  openGguf,
  type GgufFile,
  type GgufValue,
} from "../src/formats/index.ts";
import { toyModel, type ToyShape } from "./toy-model.ts";
import type { ToyTokens } from "./toy-tokens.ts";

const shape: Omit<ToyShape, "vocabulary"> = {
  family: "gemma3",
  width: 32,
  feedForward: 64,
  layers: 2,
  heads: 2,
  kvHeads: 1,
  headWidth: 16,
  tiedHead: true,
};

/** A small random model with a tokenizer, as the bytes of a GGUF file. */
export function toyBase(
  { metadata, tokens }: ToyTokens,
  change: Partial<ToyShape> = {},
): Uint8Array {
  const bytes = toyModel({ ...shape, vocabulary: tokens.length, ...change });
  const file = openGguf(memorySource("toy.gguf", bytes));
  const all = new Map<string, GgufValue>([...file.metadata, ...metadata]);
  const tensors = [...file.tensors.values()].map((tensor) => ({
    ...tensor,
    data: () => file.readRaw(tensor.name),
  }));
  return Buffer.concat([...ggufChunks(all, tensors)]);
}

/** The same, opened. */
export function openToyBase(tokens: ToyTokens, change: Partial<ToyShape> = {}): GgufFile {
  return openGguf(memorySource("toy.gguf", toyBase(tokens, change)));
}
