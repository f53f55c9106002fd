import { Random } from "../../src/kernel/index.ts";
import { adaptable, type Adapter, type Projection, type Weights } from "../../src/schema/index.ts";

/** A seeded adapter on all seven projections, of the size that tuning gives (a few percent of W). */
export function makeAdapter(weights: Weights, rank: number): Adapter {
  const modules = Object.keys(adaptable) as Projection[];
  const pairs = [];
  for (let layer = 0; layer < weights.config.layers; layer++) {
    for (const module of modules) {
      const target = `blk.${layer}.${adaptable[module]}.weight`;
      const [out = 0, columns = 0] = weights.tensors.get(target)?.shape ?? [];
      const random = new Random(7, target);
      const fill = (length: number) =>
        Float32Array.from({ length }, () => (random.next() - 0.5) / 20);
      pairs.push({ target, out, in: columns, a: fill(rank * columns), b: fill(out * rank) });
    }
  }
  return { rank, alpha: 2 * rank, modules, pairs };
}
