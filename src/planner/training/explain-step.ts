import type { Constant, Term } from "../../schema/index.ts";
import {
  coefficientSpecs,
  effectsOf,
  type Circumstances,
  type CoefficientName,
} from "../efficiency/coefficients.ts";
import type { Efficiency } from "../efficiency/efficiency-file.ts";
import type { StepEstimate } from "./estimate-step.ts";
import { formatOn, microBatchesOf, type TrainingSetup } from "./setup.ts";

/** The law behind a part of a step, and the coefficients it uses. */
interface PartLaw {
  readonly label: string;
  readonly formula: string;
  readonly uses: readonly CoefficientName[];
}

const laws: Readonly<Record<Exclude<keyof StepEstimate, "total">, PartLaw>> = {
  products: {
    label: "matrix products",
    formula:
      "operations / (peak x share reached) + operand bytes / memory bandwidth; backward is twice forward",
    uses: ["product", "product8", "product4", "grouped", "reuse", "cast", "memory", "imbalance"],
  },
  attention: {
    label: "scores and weighted values",
    formula:
      "operations over the causal half / (16-bit peak x share reached); backward is 2.5 times forward",
    uses: ["attention", "scores", "memory"],
  },
  streaming: {
    label: "norms, residuals, activations, gradient sums",
    formula: "bytes read and written / (memory bandwidth x share reached)",
    uses: ["passes", "permute", "scan", "memory"],
  },
  launch: {
    label: "kernel launches and routing",
    formula: "kernels x time per kernel, and a fixed time per expert layer",
    uses: ["launch", "expertFixed"],
  },
  recompute: {
    label: "recomputed activations",
    formula: "the forward pass once more (full), or its attention (selective)",
    uses: [],
  },
  logits: {
    label: "output projection and loss",
    formula: "as matrix products, on the last stage, which the others wait for",
    uses: ["product", "passes", "memory"],
  },
  tensorWire: {
    label: "tensor-parallel messages",
    formula: "all-reduces of activations x share that no work hides",
    uses: ["wireUp", "wireOut", "exposeTensor"],
  },
  expertWire: {
    label: "expert all-to-alls",
    formula: "dispatch and combine x share that no work hides",
    uses: ["wireUp", "wireOut", "exposeExpert"],
  },
  contextWire: {
    label: "context-parallel messages",
    formula: "keys and values round a ring x share that no work hides",
    uses: ["wireUp", "wireOut", "exposeContext"],
  },
  pipelineWire: {
    label: "messages between stages",
    formula:
      "activations to the next stage and gradients back x share that no work hides, and a fixed time per chunk",
    uses: ["wireOut", "exposePipeline", "stage"],
  },
  dataWire: {
    label: "gradients and weights between replicas",
    formula: "exposed share x time + (1 - share) x what exceeds the work it could hide behind",
    uses: ["wireUp", "wireOut", "exposeData", "exposeDataOverlapped"],
  },
  bubble: {
    label: "pipeline bubble",
    formula: "(stages - 1) / interleave micro-batches of idling",
    uses: [],
  },
  optimizer: {
    label: "optimizer update",
    formula: "30 bytes per parameter held / memory bandwidth",
    uses: ["memory"],
  },
  fixed: { label: "fixed per step", formula: "one constant", uses: ["stepFixed"] },
  straggle: {
    label: "waiting for the slowest",
    formula: "share per doubling of nodes x the rest",
    uses: ["straggle"],
  },
};

const names = Object.keys(laws) as readonly (keyof typeof laws)[];

/** The step as a term: its parts, each with its law and its constants, and the interval of the whole. */
export function explainStep(
  setup: TrainingSetup,
  step: StepEstimate,
  circumstances: Circumstances,
  efficiency: Efficiency,
  interval: readonly [number, number],
): Term {
  const constants = chipConstants(setup, circumstances, efficiency);
  return {
    id: "step",
    label: "one optimizer step",
    value: step.total,
    unit: "s",
    low: step.total * Math.exp(interval[0]),
    high: step.total * Math.exp(interval[1]),
    formula: `sum of its parts over ${microBatchesOf(setup.plan)} micro-batches`,
    constants,
    children: names
      .filter((name) => step[name] > 0)
      .map((name) => ({
        id: `step.${name}`,
        label: laws[name].label,
        value: step[name],
        unit: "s",
        formula: laws[name].formula,
        children: [],
        constants: laws[name].uses.map((key) => fittedConstant(key, key, efficiency)),
      })),
  };
}

/** A fitted number with what it rests on. */
export function fittedConstant(
  key: CoefficientName,
  name: string,
  efficiency: Efficiency,
): Constant {
  const spec = coefficientSpecs[key];
  const value = efficiency.table[key] ?? spec.prior;
  return {
    name: `${name}: ${spec.unit === "s" ? "seconds" : spec.unit} ${spec.about}`,
    value,
    unit: spec.unit,
    low: value * Math.exp(-1.28 * spec.spread),
    high: value * Math.exp(1.28 * spec.spread),
    provenance: efficiency.rows > 0 ? "interpolated" : "prior",
    source: `fitted to ${efficiency.rows} published runs of ${efficiency.groups.length} sources (catalogue/efficiency.json); prior ${spec.prior}, 80 % range of the prior shown`,
    date: efficiency.date,
  };
}

/** Peak, bandwidth and the effects of chip, software and date. */
function chipConstants(
  { chip, plan, fabric }: TrainingSetup,
  circumstances: Circumstances,
  efficiency: Efficiency,
): Constant[] {
  const { format, peak } = formatOn(chip, plan.precision);
  const sheet = (name: string, value: number, unit: string): Constant => ({
    name,
    value,
    unit,
    provenance: "datasheet",
    source: `catalogue/accelerators, row ${chip.id}: see its sources`,
    date: efficiency.date,
  });
  const effects = effectsOf(circumstances).flatMap(([key, power]): Constant[] => {
    const factor = efficiency.table[key];
    const rows = efficiency.support[key] ?? 0;
    return [
      {
        name: `factor ${key}`,
        value: (factor ?? 1) ** power,
        unit: "factor",
        provenance: rows >= 5 ? "measured" : rows > 0 ? "interpolated" : "prior",
        source:
          rows === 0 ? "no published run to learn it from: 1" : `fitted to ${rows} published runs`,
        date: efficiency.date,
      },
    ];
  });
  return [
    sheet(`dense ${format} peak of ${chip.name}`, peak, "FLOP/s"),
    sheet("memory bandwidth", chip.memoryBandwidth, "B/s"),
    sheet(`${fabric.up.name}, one direction of one chip`, fabric.up.bandwidth, "B/s"),
    sheet(`${fabric.out.name}, one chip's share`, fabric.out.bandwidth, "B/s"),
    ...effects,
  ];
}
