import type { GraphBuilder, Tensor } from "./builder.ts";
import { minus, plus, times } from "./elementwise.ts";
import { reshaped, transposed } from "./shaping.ts";

export interface AttentionShape {
  /** Tokens per row; attention never crosses rows. */
  readonly length: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headWidth: number;
  /** Multiplies q k^T. */
  readonly scale: number;
}

interface Operands {
  readonly q: Tensor;
  readonly k: Tensor;
  readonly v: Tensor;
}

/**
 * softmax(scale q k^T + mask) v per row and head, grouped-query: q [tokens, heads x headWidth], k and v
 * [tokens, kvHeads x headWidth], mask [rows, 1, 1, length, length] with 0 or -infinity. The heads that
 * share a key head lie below one another in one matrix, so that keys and values are never repeated.
 *
 * Backward, with P the probabilities and dO the gradient: dV = P^T dO, dS = P (dO V^T - rowsum(dO O)),
 * dQ = scale dS K, dK = scale dS^T Q. The row sum over the head's width replaces one over the keys
 * (Dao et al. 2022, arXiv 2205.14135, section B.2).
 */
export function attention(
  graph: GraphBuilder,
  inputs: Operands,
  mask: Tensor,
  shape: AttentionShape,
): Tensor {
  const { length, headWidth, scale, kvHeads } = shape;
  const group = shape.heads / kvHeads;
  const block = ["rows", kvHeads, group * length];
  const q = gatherHeads(graph, inputs.q, shape, group);
  const k = gatherHeads(graph, inputs.k, shape, 1);
  const v = gatherHeads(graph, inputs.v, shape, 1);
  const scores = product(graph, q, k, [...block, length], { scale, rightTransposed: true });
  const byHead = reshaped(graph, scores, ["rows", kvHeads, group, length, length]);
  const masked = graph.emit("Add", [byHead, mask], byHead.shape);
  const softmax = graph.emit("Softmax", [masked], masked.shape);
  const p = reshaped(graph, softmax, [...block, length]);
  const context = product(graph, p, v, [...block, headWidth]);
  const y = spreadHeads(graph, context, shape, group, inputs.q.shape);
  graph.record([y], ([gradient], sink) => {
    if (gradient === undefined) return;
    const dContext = gatherHeads(graph, gradient, shape, group);
    const send = (input: Tensor, d: Tensor, heads: number) =>
      sink.add(input, (collected) =>
        plus(graph, collected, spreadHeads(graph, d, shape, heads, input.shape)),
      );
    if (inputs.v.differentiable) {
      const dv = product(graph, p, dContext, v.shape, { leftTransposed: true });
      send(inputs.v, dv, 1);
    }
    if (!inputs.q.differentiable && !inputs.k.differentiable) return;
    const dp = product(graph, dContext, v, p.shape, { rightTransposed: true });
    const rowSum = graph.emit(
      "ReduceSum",
      [times(graph, dContext, context), graph.integers([-1])],
      [...block, 1],
    );
    const ds = times(graph, minus(graph, dp, rowSum), p);
    if (inputs.q.differentiable) send(inputs.q, product(graph, ds, k, q.shape, { scale }), group);
    if (inputs.k.differentiable) {
      send(inputs.k, product(graph, ds, q, k.shape, { scale, leftTransposed: true }), 1);
    }
  });
  return y;
}

/** [tokens, kvHeads x group x width] to [rows, kvHeads, group x length, width]. */
function gatherHeads(
  graph: GraphBuilder,
  x: Tensor,
  { length, kvHeads, headWidth }: AttentionShape,
  group: number,
): Tensor {
  const apart = reshaped(graph, x, ["rows", length, kvHeads, group, headWidth]);
  const turned = transposed(graph, apart, [0, 2, 3, 1, 4]);
  return reshaped(graph, turned, ["rows", kvHeads, group * length, headWidth]);
}

/** The inverse of `gatherHeads`. */
function spreadHeads(
  graph: GraphBuilder,
  x: Tensor,
  { length, kvHeads, headWidth }: AttentionShape,
  group: number,
  shape: Tensor["shape"],
): Tensor {
  const apart = reshaped(graph, x, ["rows", kvHeads, group, length, headWidth]);
  return reshaped(graph, transposed(graph, apart, [0, 3, 1, 2, 4]), shape);
}

interface ProductOptions {
  readonly scale?: number;
  readonly leftTransposed?: boolean;
  readonly rightTransposed?: boolean;
}

function product(
  graph: GraphBuilder,
  a: Tensor,
  b: Tensor,
  shape: Tensor["shape"],
  { scale = 1, leftTransposed = false, rightTransposed = false }: ProductOptions = {},
): Tensor {
  return graph.emit("FusedMatMul", [a, b], shape, {
    domain: "com.microsoft",
    attributes: {
      alpha: { kind: "float", value: scale },
      transA: { kind: "int", value: leftTransposed ? 1 : 0 },
      transB: { kind: "int", value: rightTransposed ? 1 : 0 },
    },
  });
}
