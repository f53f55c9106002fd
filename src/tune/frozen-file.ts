import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "../disk/index.ts";
import type { Weights } from "../schema/index.ts";
import type { FrozenIndex } from "./model/frozen-weights.ts";

const fileName = "frozen.f32";
/** ONNX asks that external data start at a page of memory, so that it can be mapped. */
const pageBytes = 4096;

/**
 * The frozen weights as one file of f32 values in `folder`, written unless it is there: all tensors but
 * the token embedding and the head, whose rows are fed with each run. `folder` must belong to these weights
 * alone.
 */
export function writeFrozenFile(weights: Weights, folder: string): FrozenIndex {
  const places = new Map<string, { offset: number; shape: readonly number[] }>();
  let size = 0;
  for (const { name, shape } of frozenTensors(weights)) {
    places.set(name, { offset: size, shape });
    const bytes = shape.reduce((a, b) => a * b, 4);
    size += Math.ceil(bytes / pageBytes) * pageBytes;
  }
  const path = join(folder, fileName);
  if (!existsSync(path) || statSync(path).size !== size) {
    writeAtomically(path, frozenChunks(weights));
  }
  return { file: fileName, places };
}

function frozenTensors(weights: Weights): readonly { name: string; shape: readonly number[] }[] {
  const outside = new Set(["token_embd.weight", "output.weight", "rope_freqs.weight"]);
  return [...weights.tensors.values()]
    .filter(({ name }) => !outside.has(name))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function* frozenChunks(weights: Weights): Generator<Uint8Array> {
  for (const { name } of frozenTensors(weights)) {
    const values = weights.read(name);
    yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const rest = values.byteLength % pageBytes;
    if (rest > 0) yield new Uint8Array(pageBytes - rest);
  }
}
