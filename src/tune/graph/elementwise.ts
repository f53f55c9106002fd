import type { GraphBuilder, Tensor } from "./builder.ts";

/** a + b without a tape entry; what rules use to add gradients up. */
export function plus(graph: GraphBuilder, a: Tensor | undefined, b: Tensor): Tensor {
  return a === undefined ? b : graph.emit("Add", [a, b], b.shape);
}

/** a b without a tape entry; the shape is that of `a`, to which `b` must broadcast. */
export function times(graph: GraphBuilder, a: Tensor, b: Tensor): Tensor {
  return graph.emit("Mul", [a, b], a.shape);
}

/** a - b without a tape entry. */
export function minus(graph: GraphBuilder, a: Tensor, b: Tensor): Tensor {
  return graph.emit("Sub", [a, b], a.shape);
}

/** a + b of equal shapes. */
export function add(graph: GraphBuilder, a: Tensor, b: Tensor): Tensor {
  const sum = graph.emit("Add", [a, b], a.shape);
  graph.record([sum], ([gradient], sink) => {
    if (gradient === undefined) return;
    for (const input of [a, b]) sink.add(input, (collected) => plus(graph, collected, gradient));
  });
  return sum;
}

/** a + b, where b is given data that needs no gradient. */
export function shifted(graph: GraphBuilder, a: Tensor, b: Tensor): Tensor {
  const sum = graph.emit("Add", [a, b], a.shape);
  graph.record([sum], ([gradient], sink) => {
    if (gradient !== undefined) sink.add(a, (collected) => plus(graph, collected, gradient));
  });
  return sum;
}
