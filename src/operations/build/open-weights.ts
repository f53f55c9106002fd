import { openByteFile } from "../../disk/index.ts";
import { ggufWeights, openGguf, type GgufFile } from "../../formats/index.ts";
import type { Weights } from "../../schema/index.ts";

export interface OpenWeights extends Disposable {
  readonly file: GgufFile;
  readonly weights: Weights;
}

/** A GGUF file and its weights, open for reading until disposed. */
export function openWeights(path: string): OpenWeights {
  const bytes = openByteFile(path);
  const file = openGguf(bytes);
  return { file, weights: ggufWeights(file), [Symbol.dispose]: () => bytes[Symbol.dispose]() };
}
