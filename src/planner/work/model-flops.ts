import type { Architecture } from "../../schema/index.ts";
import { coreFlops, meanKeys, windowOf } from "./attention-core.ts";
import { countParameters } from "./count-parameters.ts";
import { layerProducts, productFlops } from "./layer-products.ts";

/** How a source counts the operations of a training token. Same run, up to 30 % apart. */
export type FlopsConvention =
  /** 6 N (active parameters without embeddings of the input), nothing for attention. */
  | "six-n"
  /** Every product, logits, and attention over the whole square of scores (Narayanan et al. 2021; PaLM, appendix B). */
  | "full-attention"
  /** Every product, logits, and attention over the causal half: what has to be computed. */
  | "causal";

const whole = { tensor: 1, expert: 1, expertTensor: 1 };

/** Forward operations per token: products of all layers, attention over `keys` keys, logits. */
export function forwardFlops(
  model: Architecture,
  sequence: number,
  attention: "none" | "full" | "causal",
): number {
  const layers = model.groups.reduce((sum, group) => {
    const products = layerProducts(group, model.width, 1, whole).reduce(
      (total, product) => total + productFlops(product),
      0,
    );
    const window = windowOf(group.attention);
    const keys =
      attention === "full"
        ? Math.min(sequence, 2 * (window ?? sequence))
        : meanKeys(sequence, window);
    const core = attention === "none" ? 0 : coreFlops(group.attention, keys);
    return sum + group.count * (products + core);
  }, 0);
  return layers + 2 * model.vocabulary * model.width;
}

/** Operations that a training token costs by a convention: three times its forward (backward is twice). */
export function trainingFlops(
  model: Architecture,
  sequence: number,
  convention: FlopsConvention,
): number {
  switch (convention) {
    case "six-n": {
      const { active, embedding } = countParameters(model);
      return 6 * (active - (model.tied ? 0 : embedding));
    }
    case "full-attention":
      return 3 * forwardFlops(model, sequence, "full");
    case "causal":
      return 3 * forwardFlops(model, sequence, "causal");
  }
}
