import type { GraphBuilder, Tensor } from "../graph/builder.ts";

/** Where each frozen tensor lies in the file of f32 values beside the graph. */
export interface FrozenIndex {
  readonly file: string;
  readonly places: ReadonlyMap<
    string,
    { readonly offset: number; readonly shape: readonly number[] }
  >;
}

/** The named tensor as a constant of the graph. */
export function frozenTensor(graph: GraphBuilder, index: FrozenIndex, name: string): Tensor {
  const place = index.places.get(name);
  if (place === undefined) throw new TypeError(`the frozen weights lack ${name}`);
  return graph.frozen(name, place.shape, index.file, place.offset);
}
