import { Random } from "../kernel/index.ts";
import { slotView, type AdapterLayout } from "./model/adapter-layout.ts";

/**
 * The flat vector of a fresh adapter, as PEFT starts one: B zero; A uniform in +-1 / sqrt(in), which is
 * what Kaiming's uniform with a = sqrt(5) comes to. Each matrix has a stream of its own.
 */
export function startAdapter(layout: AdapterLayout, seed: number): Float32Array {
  const values = new Float32Array(layout.size);
  for (const slot of layout.slots) {
    if (slot.kind === "b") continue;
    const bound = 1 / Math.sqrt(slot.shape[1]);
    const random = new Random(seed, "adapter", slot.name);
    const view = slotView(values, slot);
    for (let i = 0; i < view.length; i++) view[i] = (2 * random.next() - 1) * bound;
  }
  return values;
}
