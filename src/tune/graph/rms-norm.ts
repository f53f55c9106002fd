import type { GraphBuilder, Tensor } from "./builder.ts";
import { minus, plus, times } from "./elementwise.ts";

/**
 * y = x r w with r = 1 / sqrt(mean(x^2) + epsilon), over the last axis of x [rows, width]; w [width] is
 * frozen. Backward: with g = w dy, dx = r (g - x r^2 mean(g x)).
 */
export function rmsNorm(graph: GraphBuilder, x: Tensor, w: Tensor, epsilon: number): Tensor {
  const rows = x.shape[0] ?? 1;
  const [y, r] = graph.emitAll("SimplifiedLayerNormalization", [x, w], [x.shape, [rows, 1]], {
    attributes: {
      axis: { kind: "int", value: -1 },
      epsilon: { kind: "float", value: epsilon },
      stash_type: { kind: "int", value: 1 },
    },
  });
  if (y === undefined || r === undefined) throw new TypeError("a norm has two outputs");
  graph.record([y], ([gradient], sink) => {
    if (gradient === undefined) return;
    sink.add(x, (collected) => {
      const g = times(graph, gradient, w);
      const mean = graph.emit("ReduceMean", [times(graph, g, x), graph.integers([-1])], [rows, 1], {
        attributes: { keepdims: { kind: "int", value: 1 } },
      });
      const pull = times(graph, times(graph, mean, r), r);
      const dx = times(graph, minus(graph, g, times(graph, x, pull)), r);
      return plus(graph, collected, dx);
    });
  });
  return y;
}
