import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "../disk/index.ts";
import { adaptable, type Weights } from "../schema/index.ts";
import {
  quantizedParts,
  type FrozenIndex,
  type FrozenTensorPlace,
} from "./model/frozen-weights.ts";
import { quantizeColumns, transpose } from "./quantize-columns.ts";
import type { Arithmetic } from "./tune-request.ts";

/** ONNX asks that external data start at a page of memory, so that it can be mapped. */
const pageBytes = 4096;

/**
 * The frozen weights as one file in `folder`, written unless it is there: all tensors but the token embedding
 * and the head, whose rows are fed with each run. `folder` must belong to these weights alone.
 */
export function writeFrozenFile(
  weights: Weights,
  folder: string,
  arithmetic: Arithmetic,
): FrozenIndex {
  const file = `frozen.${arithmetic}`;
  const places = new Map<string, FrozenTensorPlace>();
  const pieces = planPieces(weights, arithmetic);
  let size = 0;
  for (const { name, shape, element } of pieces.flatMap(({ parts }) => parts)) {
    places.set(name, { offset: size, shape, element });
    const bytes = shape.reduce((a, b) => a * b, element === "int8" ? 1 : 4);
    size += Math.ceil(bytes / pageBytes) * pageBytes;
  }
  const path = join(folder, file);
  if (!existsSync(path) || statSync(path).size !== size) writeAtomically(path, padded(pieces));
  return { file, places };
}

/** Tensors of the file that are made from one tensor of the base. */
interface Piece {
  readonly parts: readonly (Omit<FrozenTensorPlace, "offset"> & { readonly name: string })[];
  /** Bytes of each part. */
  make(): readonly Uint8Array[];
}

function planPieces(weights: Weights, arithmetic: Arithmetic): readonly Piece[] {
  const outside = new Set(["token_embd.weight", "output.weight", "rope_freqs.weight"]);
  const projection = new RegExp(`^blk\\.\\d+\\.(${Object.values(adaptable).join("|")})\\.weight$`);
  return [...weights.tensors.values()]
    .filter(({ name }) => !outside.has(name))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map(({ name, shape }) =>
      arithmetic === "int8" && projection.test(name)
        ? quantizedPiece(weights, name, shape)
        : {
            parts: [{ name, shape, element: "float32" }],
            make: () => [bytesOf(weights.read(name))],
          },
    );
}

function quantizedPiece(weights: Weights, name: string, shape: readonly number[]): Piece {
  const [out = 1, width = 1] = shape;
  return {
    parts: [
      { name: name + quantizedParts.forward, shape: [width, out], element: "int8" },
      { name: name + quantizedParts.forwardScale, shape: [out], element: "float32" },
      { name: name + quantizedParts.backward, shape: [out, width], element: "int8" },
      { name: name + quantizedParts.backwardScale, shape: [width], element: "float32" },
    ],
    make() {
      const values = weights.read(name);
      const forward = quantizeColumns(transpose(values, out, width), width, out);
      const backward = quantizeColumns(values, out, width);
      return [forward.bytes, forward.scales, backward.bytes, backward.scales].map(bytesOf);
    },
  };
}

function* padded(pieces: readonly Piece[]): Generator<Uint8Array> {
  for (const piece of pieces) {
    for (const bytes of piece.make()) {
      yield bytes;
      const rest = bytes.length % pageBytes;
      if (rest > 0) yield new Uint8Array(pageBytes - rest);
    }
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Int8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
