import type { GraphBuilder, Tensor } from "./builder.ts";

export interface LinearOptions {
  /** Added to each row: a bias [out], or a tensor [rows, out] to which the product is added. */
  readonly plus?: Tensor;
  /** Multiplies the product. */
  readonly scale?: number;
}

/** x w^T (times scale, plus something): x [rows, in], w [out, in], result [rows, out]. */
export function linear(
  graph: GraphBuilder,
  x: Tensor,
  w: Tensor,
  options: LinearOptions = {},
): Tensor {
  const { plus, scale = 1 } = options;
  const [rows = 1, columns = 1] = [x.shape[0], w.shape[0]];
  const y = product(graph, x, w, [rows, columns], { rightTransposed: true, scale, plus });
  graph.record([y], ([gradient], sink) => {
    if (gradient === undefined) return;
    sink.add(x, (collected) => product(graph, gradient, w, x.shape, { scale, plus: collected }));
    sink.add(w, (collected) =>
      product(graph, gradient, x, w.shape, { leftTransposed: true, scale, plus: collected }),
    );
    if (plus === undefined) return;
    sink.add(plus, (collected) =>
      collected === undefined ? gradient : graph.emit("Add", [collected, gradient], plus.shape),
    );
  });
  return y;
}

interface ProductOptions {
  readonly leftTransposed?: boolean;
  readonly rightTransposed?: boolean;
  readonly scale: number;
  readonly plus: Tensor | undefined;
}

function product(
  graph: GraphBuilder,
  a: Tensor,
  b: Tensor,
  shape: Tensor["shape"],
  options: ProductOptions,
): Tensor {
  const { leftTransposed = false, rightTransposed = false, scale, plus } = options;
  return graph.emit("Gemm", plus === undefined ? [a, b] : [a, b, plus], shape, {
    attributes: {
      transA: { kind: "int", value: leftTransposed ? 1 : 0 },
      transB: { kind: "int", value: rightTransposed ? 1 : 0 },
      alpha: { kind: "float", value: scale },
    },
  });
}
