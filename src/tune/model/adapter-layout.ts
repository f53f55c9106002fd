import {
  adaptable,
  type Adapter,
  type ModelConfig,
  type ModelShape,
  type Projection,
} from "../../schema/index.ts";

/** Projections that read the same input: their A matrices are stacked and applied in one product. */
const groups: readonly (readonly Projection[])[] = [
  ["q", "k", "v"],
  ["o"],
  ["gate", "up"],
  ["down"],
];

export const allProjections: readonly Projection[] = ["q", "k", "v", "o", "gate", "up", "down"];

/** One parameter of the graph: a range of the flat vector of all trainable numbers. */
export interface ParameterSlot {
  readonly name: string;
  readonly shape: readonly [number, number];
  readonly offset: number;
  readonly length: number;
  readonly kind: "a" | "b";
}

export interface GroupLayout {
  readonly projections: readonly Projection[];
  /** Stacked A [projections x rank, in]. */
  readonly a: ParameterSlot;
  /** B [out, rank] of each projection. */
  readonly b: ReadonlyMap<Projection, ParameterSlot>;
}

/** Where each adapter matrix lies in the flat vector: by layer, by group, A before its Bs. */
export interface AdapterLayout {
  readonly rank: number;
  readonly modules: readonly Projection[];
  readonly layers: readonly (readonly GroupLayout[])[];
  readonly slots: readonly ParameterSlot[];
  readonly size: number;
}

/** Output and input width of a projection. */
export function projectionShape(config: ModelShape, projection: Projection): [number, number] {
  const query = config.heads * config.headWidth;
  const key = config.kvHeads * config.headWidth;
  const shapes: Record<Projection, [number, number]> = {
    q: [query, config.width],
    k: [key, config.width],
    v: [key, config.width],
    o: [config.width, query],
    gate: [config.feedForward, config.width],
    up: [config.feedForward, config.width],
    down: [config.width, config.feedForward],
  };
  return shapes[projection];
}

/** GGUF's name of a projection's matrix in a layer. */
export function matrixName(layer: number, projection: Projection): string {
  return `blk.${layer}.${adaptable[projection]}.weight`;
}

export function layOutAdapter(
  config: ModelConfig,
  rank: number,
  modules: readonly Projection[],
): AdapterLayout {
  let size = 0;
  const slots: ParameterSlot[] = [];
  const take = (name: string, kind: "a" | "b", shape: readonly [number, number]): ParameterSlot => {
    const slot = { name, kind, shape, offset: size, length: shape[0] * shape[1] };
    size += slot.length;
    slots.push(slot);
    return slot;
  };
  const chosen = groups
    .map((group) => group.filter((projection) => modules.includes(projection)))
    .filter((group) => group.length > 0);
  const layers = Array.from({ length: config.layers }, (_, layer) =>
    chosen.map((projections): GroupLayout => {
      const name = `blk.${layer}.${projections.join("+")}`;
      const [, width] = projectionShape(config, projections[0] ?? "q");
      const a = take(`${name}.a`, "a", [projections.length * rank, width]);
      const b = projections.map((projection): [Projection, ParameterSlot] => {
        const [out] = projectionShape(config, projection);
        return [projection, take(`blk.${layer}.${projection}.b`, "b", [out, rank])];
      });
      return { projections, a, b: new Map(b) };
    }),
  );
  return {
    rank,
    modules: allProjections.filter((one) => modules.includes(one)),
    layers,
    slots,
    size,
  };
}

/** The part of `values` that a slot names; a view, not a copy. */
export function slotView(values: Float32Array, slot: ParameterSlot): Float32Array {
  return values.subarray(slot.offset, slot.offset + slot.length);
}

/** The adapter that a flat vector stands for; its matrices are copies. */
export function adapterOf(layout: AdapterLayout, values: Float32Array, alpha: number): Adapter {
  const { rank, modules } = layout;
  const pairs = layout.layers.flatMap((layer, index) =>
    layer.flatMap(({ projections, a, b }) =>
      projections.map((projection, place) => {
        const width = a.shape[1];
        const rows = slotView(values, a).slice(place * rank * width, (place + 1) * rank * width);
        const slot = b.get(projection);
        if (slot === undefined) throw new TypeError(`no B of ${projection}`);
        return {
          target: matrixName(index, projection),
          out: slot.shape[0],
          in: width,
          a: rows,
          b: slotView(values, slot).slice(),
        };
      }),
    ),
  );
  return { rank, alpha, modules, pairs };
}

/** The flat vector of an adapter: the inverse of `adapterOf`. */
export function flattenAdapter(layout: AdapterLayout, adapter: Adapter): Float32Array {
  const values = new Float32Array(layout.size);
  const pairs = new Map(adapter.pairs.map((pair) => [pair.target, pair]));
  layout.layers.forEach((layer, index) => {
    for (const { projections, a, b } of layer) {
      projections.forEach((projection, place) => {
        const pair = pairs.get(matrixName(index, projection));
        const slot = b.get(projection);
        if (pair === undefined || slot === undefined)
          throw new TypeError(`no pair of ${projection}`);
        slotView(values, a).set(pair.a, place * layout.rank * a.shape[1]);
        slotView(values, slot).set(pair.b);
      });
    }
  });
  return values;
}
