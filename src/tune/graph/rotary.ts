import type { RopePairing } from "../../schema/index.ts";
import type { GraphBuilder, Tensor } from "./builder.ts";
import { plus } from "./elementwise.ts";
import { reshaped } from "./shaping.ts";

export interface RotaryTables {
  /** Cosines and sines [positions, headWidth / 2]; `negatedSine` turns back. */
  readonly cosine: Tensor;
  readonly sine: Tensor;
  readonly negatedSine: Tensor;
  readonly pairing: RopePairing;
  /** Positions [rows, length], int64. */
  readonly positions: Tensor;
  /** Tokens per row. */
  readonly length: number;
}

/**
 * Rotary position embedding of x [tokens, heads x headWidth]. A rotation's transpose is its inverse, so
 * the gradient is turned back by the negated angle.
 */
export function rotate(graph: GraphBuilder, x: Tensor, tables: RotaryTables): Tensor {
  const y = turn(graph, x, tables, tables.sine);
  graph.record([y], ([gradient], sink) => {
    if (gradient === undefined) return;
    sink.add(x, (collected) =>
      plus(graph, collected, turn(graph, gradient, tables, tables.negatedSine)),
    );
  });
  return y;
}

function turn(graph: GraphBuilder, x: Tensor, tables: RotaryTables, sine: Tensor): Tensor {
  const shape = ["rows", tables.length, x.shape[1] ?? 1];
  const rows = reshaped(graph, x, shape);
  const turned = graph.emit(
    "RotaryEmbedding",
    [rows, tables.positions, tables.cosine, sine],
    shape,
    {
      domain: "com.microsoft",
      attributes: { interleaved: { kind: "int", value: tables.pairing === "interleaved" ? 1 : 0 } },
    },
  );
  return reshaped(graph, turned, x.shape);
}
