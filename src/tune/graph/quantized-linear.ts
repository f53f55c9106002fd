import type { GraphBuilder, Tensor } from "./builder.ts";
import { plus, times } from "./elementwise.ts";

/** A frozen matrix W [out, in] in 8 bits, once for each direction, each column with a scale of its own. */
export interface QuantizedMatrix {
  /** [in, out] and its scales [out]. */
  readonly forward: Tensor;
  readonly forwardScale: Tensor;
  /** [out, in] and its scales [in]. */
  readonly backward: Tensor;
  readonly backwardScale: Tensor;
}

/**
 * x W^T in 8-bit integers for each of several matrices that read the same x [rows, in]. Every row of x is
 * divided by its largest magnitude before it is rounded, so that loud tokens do not drown quiet ones; the
 * gradient is treated the same way (rounding counts as the identity).
 */
export function quantizedLinear(
  graph: GraphBuilder,
  x: Tensor,
  matrices: readonly QuantizedMatrix[],
): readonly Tensor[] {
  const rounded = roundRows(graph, x);
  return matrices.map((matrix) => {
    const y = product(graph, rounded, matrix.forward, matrix.forwardScale);
    graph.record([y], ([gradient], sink) => {
      if (gradient === undefined) return;
      sink.add(x, (collected) => {
        const back = product(
          graph,
          roundRows(graph, gradient),
          matrix.backward,
          matrix.backwardScale,
        );
        return plus(graph, collected, back);
      });
    });
    return y;
  });
}

interface RoundedRows {
  readonly bytes: Tensor;
  readonly scale: Tensor;
  readonly zero: Tensor;
  /** Largest magnitude of each row [rows, 1]. */
  readonly reach: Tensor;
}

function roundRows(graph: GraphBuilder, x: Tensor): RoundedRows {
  const rows = x.shape[0] ?? 1;
  const size = graph.emit("Abs", [x], x.shape);
  const largest = graph.emit("ReduceMax", [size, graph.integers([-1])], [rows, 1]);
  // Rows of zeros (padding) must not divide by zero.
  const reach = graph.emit("Max", [largest, graph.scalar(1e-30)], [rows, 1]);
  const even = times(graph, x, graph.emit("Reciprocal", [reach], [rows, 1]));
  const [bytes, scale, zero] = graph.emitAll("DynamicQuantizeLinear", [even], [x.shape, [], []], {
    elements: ["uint8", "float32", "uint8"],
  });
  if (bytes === undefined || scale === undefined || zero === undefined) {
    throw new TypeError("rounding has three outputs");
  }
  return { bytes, scale, zero, reach };
}

function product(graph: GraphBuilder, x: RoundedRows, w: Tensor, scale: Tensor): Tensor {
  const shape = [x.bytes.shape[0] ?? 1, w.shape[1] ?? 1];
  const y = graph.emit("MatMulIntegerToFloat", [x.bytes, w, x.scale, scale, x.zero], shape, {
    domain: "com.microsoft",
  });
  return times(graph, y, x.reach);
}
