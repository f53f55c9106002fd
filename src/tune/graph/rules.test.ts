import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeAtomically } from "../../disk/index.ts";
import { Random } from "../../kernel/index.ts";
import { encodeModel } from "../onnx/encode-model.ts";
import { openSession, type Feed } from "../onnx-session.ts";
import { attention } from "./attention.ts";
import { GraphBuilder, type Tensor } from "./builder.ts";
import { crossEntropy } from "./cross-entropy.ts";
import { differentiate } from "./differentiate.ts";
import { add, shifted } from "./elementwise.ts";
import { gatedActivation } from "./gated-activation.ts";
import { linear } from "./linear.ts";
import { rmsNorm } from "./rms-norm.ts";
import { rotate } from "./rotary.ts";
import { gatherRows, reshape, splitColumns } from "./shaping.ts";

const folder = mkdtempSync(join(tmpdir(), "sampan-rules-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Case {
  readonly name: string;
  /** Shapes of the inputs whose gradients are checked. */
  readonly shapes: readonly (readonly number[])[];
  /** Further inputs, fed as they are. */
  readonly feeds?: Readonly<Record<string, Feed>>;
  build(
    graph: GraphBuilder,
    parameters: readonly Tensor[],
    feeds: Readonly<Record<string, Tensor>>,
  ): Tensor;
}

const integers = (values: readonly number[], shape: readonly number[]): Feed => ({
  values: BigInt64Array.from(values, BigInt),
  shape,
});
const causal = Float32Array.from({ length: 18 }, (_, i) =>
  (i % 9) % 3 <= (i % 9) / 3 ? 0 : -Infinity,
);
const rotary = (pairing: "interleaved" | "halves"): Case => ({
  name: `rotary, ${pairing}`,
  shapes: [[4, 8]],
  feeds: { positions: integers([0, 1, 0, 1], [2, 2]) },
  build(graph, [x], { positions }) {
    const table = (name: string, of: (angle: number) => number) =>
      graph.floats(name, Float32Array.from([0, 0, 0.5, 0.9], of), [2, 2]);
    return rotate(graph, some(x), {
      cosine: table("cosine", Math.cos),
      sine: table("sine", Math.sin),
      negatedSine: table("negated", (angle) => -Math.sin(angle)),
      pairing,
      positions: some(positions),
      length: 2,
    });
  },
});

const cases: readonly Case[] = [
  {
    name: "add, one operand used twice",
    shapes: [
      [2, 3],
      [2, 3],
    ],
    build: (graph, [a, b]) => add(graph, add(graph, some(a), some(b)), some(a)),
  },
  {
    name: "linear with something added, scaled; both operands used twice",
    shapes: [
      [3, 4],
      [2, 4],
      [3, 2],
    ],
    build(graph, [x, w, y]) {
      const first = linear(graph, some(x), some(w), { plus: some(y), scale: 0.5 });
      return add(graph, first, linear(graph, some(x), some(w)));
    },
  },
  {
    name: "linear with a bias",
    shapes: [
      [3, 4],
      [2, 4],
    ],
    build: (graph, [x, w]) =>
      linear(graph, some(x), some(w), { plus: graph.floats("bias", Float32Array.of(1, -1), [2]) }),
  },
  {
    name: "rms norm",
    shapes: [[3, 5]],
    build: (graph, [x]) =>
      rmsNorm(graph, some(x), graph.floats("w", Float32Array.of(1, 2, -1, 0.5, 3), [5]), 1e-5),
  },
  rotary("interleaved"),
  rotary("halves"),
  {
    name: "attention, two heads on one key head",
    shapes: [
      [6, 4],
      [6, 2],
      [6, 2],
    ],
    feeds: { mask: { values: causal, shape: [2, 1, 1, 3, 3] } },
    build: (graph, [q, k, v], { mask }) =>
      attention(graph, { q: some(q), k: some(k), v: some(v) }, some(mask), {
        length: 3,
        heads: 2,
        kvHeads: 1,
        headWidth: 2,
        scale: 0.7,
      }),
  },
  {
    name: "silu gate",
    shapes: [
      [3, 4],
      [3, 4],
    ],
    build: (graph, [gate, up]) => gatedActivation(graph, some(gate), some(up), "silu"),
  },
  {
    name: "gelu gate",
    shapes: [
      [3, 4],
      [3, 4],
    ],
    build: (graph, [gate, up]) => gatedActivation(graph, some(gate), some(up), "gelu-tanh"),
  },
  {
    name: "reshape",
    shapes: [[2, 6]],
    build: (graph, [x]) =>
      linear(graph, reshape(graph, some(x), [4, 3]), reshape(graph, some(x), [4, 3])),
  },
  {
    name: "split and gather",
    shapes: [[3, 5]],
    feeds: { indices: integers([2, 0], [2]) },
    build(graph, [x], { indices }) {
      const [a, b] = splitColumns(graph, some(x), [2, 3]);
      const chosen = gatherRows(graph, some(b), some(indices));
      return linear(graph, linear(graph, chosen, some(b)), linear(graph, some(a), some(a)));
    },
  },
  {
    name: "cross-entropy",
    shapes: [[3, 4]],
    feeds: {
      targets: integers([1, 0, 3], [3, 1]),
      weights: { values: Float32Array.of(1, 0.5, 2), shape: [3, 1] },
    },
    build: (graph, [x], { targets, weights }) =>
      crossEntropy(graph, some(x), some(targets), some(weights)),
  },
  {
    name: "cross-entropy among rivals",
    shapes: [[2, 3]],
    feeds: {
      rivals: { values: Float32Array.of(0, -Infinity, 0, 0, 0, -Infinity), shape: [2, 3] },
      targets: integers([2, 0], [2, 1]),
      weights: { values: Float32Array.of(1, 0.5), shape: [2, 1] },
    },
    build: (graph, [x], { rivals, targets, weights }) =>
      crossEntropy(graph, shifted(graph, some(x), some(rivals)), some(targets), some(weights)),
  },
];

test.each(cases)("$name: the rule agrees with finite differences", async (one) => {
  const graph = new GraphBuilder();
  const parameters = one.shapes.map((shape, i) => graph.parameter(`p${i}`, shape));
  const feeds = Object.fromEntries(
    Object.entries(one.feeds ?? {}).map(([name, { values, shape }]) => [
      name,
      graph.input(name, shape, values instanceof Float32Array ? "float32" : "int64"),
    ]),
  );
  const loss = weigh(graph, one.build(graph, parameters, feeds));
  const gradients = differentiate(graph, loss, parameters);
  const outputs = Object.fromEntries(gradients.map((gradient, i) => [`d${i}`, gradient]));
  const path = join(folder, `${cases.indexOf(one)}.onnx`);
  writeAtomically(path, [encodeModel(graph.finish({ loss, ...outputs }))]);
  await using session = await openSession(path, { threads: 1, provider: "cpu", prepack: false });
  const random = new Random(5, one.name);
  const values = one.shapes.map((shape) =>
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
  );
  const run = () =>
    session.run({
      ...one.feeds,
      ...Object.fromEntries(
        values.map((value, i) => [`p${i}`, { values: value, shape: one.shapes[i] ?? [] }]),
      ),
    });
  const out = await run();
  const step = 1 / 128;
  for (const [i, value] of values.entries()) {
    const gradient = out.get(`d${i}`);
    for (let j = 0; j < value.length; j++) {
      const kept = value[j] ?? 0;
      value[j] = kept + step;
      const above = (await run()).get("loss")?.[0] ?? NaN;
      value[j] = kept - step;
      const below = (await run()).get("loss")?.[0] ?? NaN;
      value[j] = kept;
      const slope = (above - below) / (2 * step);
      expect(Math.abs((gradient?.[j] ?? NaN) - slope)).toBeLessThan(5e-3 * (1 + Math.abs(slope)));
    }
  }
});

test("a parameter that the loss does not depend on is told by name", () => {
  const graph = new GraphBuilder();
  const [used, unused] = [graph.parameter("used", [1, 1]), graph.parameter("unused", [1, 1])];
  const loss = weigh(graph, add(graph, used, used));
  expect(() => differentiate(graph, loss, [used, unused])).toThrow(/unused/);
});

/** Sum of all values, each under a weight of its own. */
function weigh(graph: GraphBuilder, y: Tensor): Tensor {
  if (y.shape.length === 0) return y;
  const sizes = y.shape.map(Number);
  const weights = Float32Array.from({ length: sizes.reduce((a, b) => a * b, 1) }, (_, i) =>
    Math.sin(i + 1),
  );
  const factors = graph.floats("weights-of-sum", weights, sizes);
  const sum = graph.emit("ReduceSum", [graph.emit("Mul", [y, factors], y.shape)], [], {
    attributes: { keepdims: { kind: "int", value: 0 } },
  });
  graph.record([sum], (_, sink) => sink.add(y, () => factors));
  return sum;
}

function some<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError("the case names too few inputs");
  return value;
}
