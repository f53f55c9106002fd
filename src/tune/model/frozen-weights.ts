import type { GraphBuilder, Tensor } from "../graph/builder.ts";
import type { QuantizedMatrix } from "../graph/quantized-linear.ts";

/** Where each frozen tensor lies in the file beside the graph. */
export interface FrozenIndex {
  readonly file: string;
  readonly places: ReadonlyMap<string, FrozenTensorPlace>;
}

export interface FrozenTensorPlace {
  readonly offset: number;
  readonly shape: readonly number[];
  readonly element: "float32" | "int8";
}

/** The named tensor as a constant of the graph. */
export function frozenTensor(graph: GraphBuilder, index: FrozenIndex, name: string): Tensor {
  const place = index.places.get(name);
  if (place === undefined) throw new TypeError(`the frozen weights lack ${name}`);
  const { offset, shape, element } = place;
  return graph.frozen(name, shape, { file: index.file, offset, element });
}

/** The four parts of a matrix in 8 bits. */
export const quantizedParts = {
  forward: ":forward",
  forwardScale: ":forward-scale",
  backward: ":backward",
  backwardScale: ":backward-scale",
} as const;

/** The named matrix in 8 bits. */
export function frozenQuantized(
  graph: GraphBuilder,
  index: FrozenIndex,
  name: string,
): QuantizedMatrix {
  const part = (key: keyof typeof quantizedParts) =>
    frozenTensor(graph, index, name + quantizedParts[key]);
  return {
    forward: part("forward"),
    forwardScale: part("forwardScale"),
    backward: part("backward"),
    backwardScale: part("backwardScale"),
  };
}
