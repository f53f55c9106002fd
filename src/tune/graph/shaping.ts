import type { Dimension } from "../onnx/graph-description.ts";
import type { GraphBuilder, Tensor } from "./builder.ts";
import { plus } from "./elementwise.ts";

/** Reshape without a tape entry; at most one dimension of `shape` may be a name. */
export function reshaped(graph: GraphBuilder, x: Tensor, shape: readonly Dimension[]): Tensor {
  const sizes = shape.map((dimension) => (typeof dimension === "number" ? dimension : -1));
  return graph.emit("Reshape", [x, graph.integers(sizes)], shape, { element: x.element });
}

/** Transpose without a tape entry. */
export function transposed(graph: GraphBuilder, x: Tensor, order: readonly number[]): Tensor {
  const shape = order.map((axis) => x.shape[axis] ?? 1);
  return graph.emit("Transpose", [x], shape, {
    attributes: { perm: { kind: "ints", value: order } },
  });
}

/** The same values under another shape. */
export function reshape(graph: GraphBuilder, x: Tensor, shape: readonly Dimension[]): Tensor {
  const y = reshaped(graph, x, shape);
  graph.record([y], ([gradient], sink) => {
    if (gradient === undefined) return;
    sink.add(x, (collected) => plus(graph, collected, reshaped(graph, gradient, x.shape)));
  });
  return y;
}

/** Cuts the columns of x [rows, sum of widths] into pieces [rows, width]. */
export function splitColumns(
  graph: GraphBuilder,
  x: Tensor,
  widths: readonly number[],
): readonly Tensor[] {
  if (widths.length === 1) return [x];
  const rows = x.shape[0] ?? 1;
  const axis = { axis: { kind: "int", value: 1 } } as const;
  const pieces = graph.emitAll(
    "Split",
    [x, graph.integers(widths)],
    widths.map((width) => [rows, width]),
    { attributes: axis },
  );
  graph.record(pieces, (gradients, sink) => {
    const present = gradients.filter((gradient) => gradient !== undefined);
    // Every piece feeds the loss in a decoder, so a hole would be a defect: `Concat` would then misplace.
    if (present.length !== pieces.length) throw new TypeError("a piece of a split has no gradient");
    sink.add(x, (collected) =>
      plus(graph, collected, graph.emit("Concat", present, x.shape, { attributes: axis })),
    );
  });
  return pieces;
}

/** Rows of x [tokens, width] at `indices` [n]; the indices must be distinct. */
export function gatherRows(graph: GraphBuilder, x: Tensor, indices: Tensor): Tensor {
  const count = indices.shape[0] ?? 1;
  const rows = graph.emit("Gather", [x, indices], [count, ...x.shape.slice(1)]);
  graph.record([rows], ([gradient], sink) => {
    if (gradient === undefined) return;
    sink.add(x, (collected) => {
      const size = graph.emit("Shape", [x], [x.shape.length], { element: "int64" });
      const zeros = collected ?? graph.emit("ConstantOfShape", [size], x.shape);
      const places = reshaped(graph, indices, [count, 1]);
      return graph.emit("ScatterND", [zeros, places, gradient], x.shape, {
        attributes: { reduction: { kind: "text", value: "add" } },
      });
    });
  });
  return rows;
}
