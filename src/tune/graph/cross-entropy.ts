import type { GraphBuilder, Tensor } from "./builder.ts";
import { minus, plus, times } from "./elementwise.ts";
import { reshaped } from "./shaping.ts";

/**
 * Weighted sum of -log softmax(logits)[target]: logits [n, classes], targets [n, 1] (int64), weights
 * [n, 1]. Backward: dlogits = weight (softmax - onehot).
 */
export function crossEntropy(
  graph: GraphBuilder,
  logits: Tensor,
  targets: Tensor,
  weights: Tensor,
): Tensor {
  const axis = { axis: { kind: "int", value: 1 } } as const;
  const logs = graph.emit("LogSoftmax", [logits], logits.shape, { attributes: axis });
  const chosen = graph.emit("GatherElements", [logs, targets], weights.shape, { attributes: axis });
  const total = graph.emit("ReduceSum", [times(graph, chosen, weights)], [], {
    attributes: { keepdims: { kind: "int", value: 0 } },
  });
  const loss = graph.emit("Neg", [total], []);
  graph.record([loss], ([gradient], sink) => {
    if (gradient === undefined) return;
    sink.add(logits, (collected) => {
      const share = times(graph, weights, reshaped(graph, gradient, [1, 1]));
      const softmax = graph.emit("Exp", [logs], logits.shape);
      const pulled = times(graph, softmax, share);
      const less = minus(
        graph,
        graph.emit("GatherElements", [pulled, targets], weights.shape, { attributes: axis }),
        share,
      );
      const dLogits = graph.emit("ScatterElements", [pulled, targets, less], logits.shape, {
        attributes: axis,
      });
      return plus(graph, collected, dLogits);
    });
  });
  return loss;
}
