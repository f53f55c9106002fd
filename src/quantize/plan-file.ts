import { rowBytes } from "../formats/index.ts";
import { SampanError } from "../kernel/index.ts";
import type { Adapter, TensorInfo } from "../schema/index.ts";
import { chooseEncodings, isQuantizable } from "./choose-encodings.ts";
import type { FilePrecision } from "./precision.ts";

/** One tensor of the file to write. */
export interface PlannedTensor extends TensorInfo {
  /** `copy`: the base's own bytes. `encode`: its weights, with the adapter where it has one, anew. */
  readonly kind: "copy" | "encode";
}

export interface FilePlanRequest {
  readonly tensors: Iterable<TensorInfo>;
  /** Number of blocks of the model. */
  readonly layers: number;
  readonly adapter?: Adapter | undefined;
  readonly precision: FilePrecision;
  readonly reencodeAll: boolean;
}

/**
 * What is written for each tensor, in llama.cpp's order. Without `reencodeAll` a matrix that the adapter
 * leaves alone keeps the base's bytes unless the target is smaller: encoding a quantized matrix again
 * only loses. Norms and biases are always copied.
 */
export function planFile(request: FilePlanRequest): PlannedTensor[] {
  const { adapter, precision, reencodeAll } = request;
  const adapted = new Set(adapter?.pairs.map(({ target }) => target));
  const choices = chooseEncodings(request.tensors, request.layers, precision);
  if (adapter !== undefined) {
    checkTargets(adapter, choices.map(({ tensor }) => tensor).filter(isQuantizable));
  }
  return choices.map(({ tensor, encoding }) => {
    const { name, shape } = tensor;
    if (!isQuantizable(tensor)) return { name, shape, encoding: tensor.encoding, kind: "copy" };
    const columns = shape.at(-1) ?? 1;
    const keeps =
      !reencodeAll &&
      !adapted.has(name) &&
      rowBytes(tensor.encoding, columns) <= rowBytes(encoding, columns);
    return keeps
      ? { name, shape, encoding: tensor.encoding, kind: "copy" }
      : { name, shape, encoding, kind: "encode" };
  });
}

function checkTargets(adapter: Adapter, tensors: readonly TensorInfo[]): void {
  const shapes = new Map(tensors.map(({ name, shape }) => [name, shape]));
  const seen = new Set<string>();
  for (const { target, out, in: columns, a, b } of adapter.pairs) {
    const shape = shapes.get(target);
    const fits = shape?.length === 2 && shape[0] === out && shape[1] === columns;
    const { rank } = adapter;
    if (fits && a.length === rank * columns && b.length === out * rank && !seen.has(target)) {
      seen.add(target);
      continue;
    }
    throw new SampanError("base-unsupported", `the adapter does not fit the base: ${target}`, {
      hint: "Use the base the adapter was tuned on; its digest is in the run.",
      details: { target, rank, adapter: [out, columns], base: shape },
    });
  }
}
