import type { Constant, Term } from "../../schema/index.ts";
import type { ServingEfficiency } from "./efficiency.ts";
import {
  servingEffects,
  servingSpecs,
  type ServingCircumstances,
  type ServingCoefficient,
} from "./law/coefficients.ts";
import { passTime, peakOf, type PassLoad, type PassTime } from "./law/pass-time.ts";
import type { QueueEstimate } from "./queue/open-queue.ts";
import type { Replica, RequestSizes } from "./queue/steady-state.ts";

interface PartLaw {
  readonly label: string;
  readonly formula: string;
  readonly uses: readonly ServingCoefficient[];
}

const laws: Readonly<Record<Exclude<keyof PassTime, "total">, PartLaw>> = {
  weights: {
    label: "matrices that every token meets",
    formula:
      "longer of bytes / (bandwidth x share) and operations / (peak x share), plus a share of the shorter",
    uses: ["memory", "widened", "product", "widenedProduct", "spill"],
  },
  experts: {
    label: "routed experts",
    formula:
      "as weights, of the experts that the batch touches: experts x (1 - (1 - picked / experts)^tokens)",
    uses: ["memory", "experts", "product", "spill", "crowd"],
  },
  cache: {
    label: "reading the KV cache",
    formula: "sequences x cached bytes / (bandwidth x share)",
    uses: ["cache"],
  },
  attention: {
    label: "scores and weighted values",
    formula: "operations / (16-bit peak x share)",
    uses: ["attention"],
  },
  activations: {
    label: "norms, residuals, activations",
    formula: "40 bytes per token, layer and channel x factor / (bandwidth x share)",
    uses: ["token", "memory"],
  },
  launch: {
    label: "launches",
    formula: "layers x time per layer, more for experts and latent attention",
    uses: ["launch", "expertLaunch", "latentLaunch"],
  },
  wire: {
    label: "messages between ranks",
    formula: "two all-reduces per layer: latency + bytes / (link x share)",
    uses: ["message", "messageOut", "wire"],
  },
  host: {
    label: "scheduler and sampling",
    formula: "time per pass + time per running sequence",
    uses: ["step", "sequence", "stage"],
  },
};

/** What a serving term is made from. */
export interface ExplainedServing {
  readonly replica: Replica;
  readonly sizes: RequestSizes;
  readonly estimate: QueueEstimate;
  readonly efficiency: ServingEfficiency;
  readonly circumstances: ServingCircumstances;
  readonly interval: readonly [number, number];
}

/** Time per token of the closed form as a sum: one decode pass by its parts, one prompt's pass, and what shares them. */
export function explainServing(made: ExplainedServing): Term {
  const { estimate, sizes, interval, replica, efficiency, circumstances } = made;
  const context = sizes.input + sizes.output / 2;
  const fresh = Math.min(
    replica.pass.setup.passTokens,
    Math.max(1, sizes.input * (1 - sizes.reused)),
  );
  const decode = { decode: estimate.batch, context, prefill: 0, keys: 0 };
  const prompt = { decode: 0, context: 0, prefill: fresh, keys: sizes.input - fresh / 2 };
  return {
    id: "serving",
    label: "time per output token at this load (closed form)",
    value: estimate.timePerToken,
    unit: "s",
    low: estimate.timePerToken * Math.exp(interval[0]),
    high: estimate.timePerToken * Math.exp(interval[1]),
    formula: `decode pass of ${estimate.batch.toFixed(1)} sequences / (1 - share of time that prompts take)`,
    constants: chipConstants(replica, circumstances, efficiency),
    children: [
      passTerm("decode", "one decode pass", decode, made),
      passTerm("prompt", "one prompt alone, or as much of it as a pass holds", prompt, made),
    ],
  };
}

function passTerm(
  id: string,
  label: string,
  load: PassLoad,
  { replica, efficiency }: ExplainedServing,
): Term {
  const { pass, coefficients, work } = replica;
  const { total, ...parts } = passTime(pass, load, coefficients, work);
  const names = Object.keys(laws) as readonly (keyof typeof laws)[];
  return {
    id,
    label,
    value: total,
    unit: "s",
    formula: `sum of its parts x ${work.toPrecision(3)} (the chip's factor work@chip)`,
    constants: [],
    children: names
      .filter((name) => parts[name] > 0)
      .map((name) => ({
        id: `${id}.${name}`,
        label: laws[name].label,
        value: parts[name],
        unit: "s",
        formula: laws[name].formula,
        children: [],
        constants: laws[name].uses.map((key) => fitted(key, coefficients[key], efficiency)),
      })),
  };
}

/** A fitted number as this run uses it, its effects of chip and software applied. */
function fitted(key: ServingCoefficient, value: number, efficiency: ServingEfficiency): Constant {
  const { prior, spread, unit, about } = servingSpecs[key];
  return {
    name: `${key}: ${unit === "s" ? "seconds" : unit} ${about}`,
    value,
    unit,
    low: value * Math.exp(-1.28 * spread),
    high: value * Math.exp(1.28 * spread),
    provenance: "interpolated",
    source: `fitted to ${efficiency.figures} published figures of ${efficiency.groups.length} sources (catalogue/serving-efficiency.json), times the effects of chip, family, software and year; prior ${prior}, 80 % range of the prior shown`,
    date: efficiency.date,
  };
}

function chipConstants(
  replica: Replica,
  circumstances: ServingCircumstances,
  efficiency: ServingEfficiency,
): Constant[] {
  const { chip, fabric } = replica.pass.setup;
  const sheet = (name: string, value: number, unit: string): Constant => ({
    name,
    value,
    unit,
    provenance: "datasheet",
    source: `catalogue/accelerators, row ${chip.id}: see its sources`,
    date: efficiency.date,
  });
  const effects = servingEffects(circumstances).map(([key, power]): Constant => {
    const rows = efficiency.support[key] ?? 0;
    return {
      name: `factor ${key}`,
      value: (efficiency.table[key] ?? 1) ** power,
      unit: "factor",
      provenance: rows >= 5 ? "measured" : rows > 0 ? "interpolated" : "prior",
      source:
        rows === 0
          ? "no published figure to learn it from: 1"
          : `fitted to ${rows} published figures`,
      date: efficiency.date,
    };
  });
  return [
    sheet(`peak of ${chip.name} in the format of the products`, peakOf(replica.pass), "FLOP/s"),
    sheet("memory bandwidth", chip.memoryBandwidth, "B/s"),
    sheet(`${fabric.up.name}, one direction of one chip`, fabric.up.bandwidth, "B/s"),
    ...effects,
  ];
}
