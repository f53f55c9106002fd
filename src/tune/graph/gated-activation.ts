import type { GraphBuilder, Tensor } from "./builder.ts";
import { minus, plus, times } from "./elementwise.ts";

export type Activation = "silu" | "gelu-tanh";

/** Of gelu's tanh form: 2 sqrt(2 / pi), and Hendrycks and Gimpel's cubic factor (arXiv 1606.08415). */
const geluSlope = 2 * Math.sqrt(2 / Math.PI);
const geluCubic = 0.044715;

/**
 * activation(gate) up, both [rows, width]. Both activations have the form gate sigmoid(z): silu with
 * z = gate; gelu's tanh form with z = c gate (1 + a gate^2), since (1 + tanh(z / 2)) / 2 = sigmoid(z).
 * So with s = sigmoid(z) and h = gate s, the slope is s + (h - h s) z', and gate z' = 3 z - 2 c gate for gelu.
 */
export function gatedActivation(
  graph: GraphBuilder,
  gate: Tensor,
  up: Tensor,
  activation: Activation,
): Tensor {
  const z = activation === "silu" ? gate : geluArgument(graph, gate);
  const s = graph.emit("Sigmoid", [z], gate.shape);
  const h = times(graph, gate, s);
  const y = graph.emit("Mul", [h, up], gate.shape);
  graph.record([y], ([gradient], sink) => {
    if (gradient === undefined) return;
    sink.add(up, (collected) => plus(graph, collected, times(graph, gradient, h)));
    sink.add(gate, (collected) => {
      const bend =
        activation === "silu"
          ? minus(graph, h, times(graph, h, s))
          : times(graph, minus(graph, s, times(graph, s, s)), geluPull(graph, gate, z));
      const slope = plus(graph, s, bend);
      return plus(graph, collected, times(graph, times(graph, gradient, up), slope));
    });
  });
  return y;
}

/** z = gate (c + c a gate^2). */
function geluArgument(graph: GraphBuilder, gate: Tensor): Tensor {
  const square = times(graph, gate, gate);
  const scaled = times(graph, square, graph.scalar(geluSlope * geluCubic));
  return times(graph, plus(graph, graph.scalar(geluSlope), scaled), gate);
}

/** gate z' = 3 z - 2 c gate. */
function geluPull(graph: GraphBuilder, gate: Tensor, z: Tensor): Tensor {
  return minus(
    graph,
    times(graph, z, graph.scalar(3)),
    times(graph, gate, graph.scalar(2 * geluSlope)),
  );
}
