import type { CoefficientSpec } from "../../efficiency/coefficients.ts";

/** Every number of serving that datasheets leave open. Priors are what tuned kernels usually reach. */
export const servingSpecs = {
  memory: {
    prior: 0.75,
    spread: 0.15,
    unit: "share",
    about: "of memory bandwidth that reading weights reaches",
  },
  widened: {
    prior: 0.85,
    spread: 0.2,
    unit: "factor",
    about: "on the above for weights widened to 16 bits",
  },
  cache: {
    prior: 0.6,
    spread: 0.3,
    unit: "share",
    about: "of memory bandwidth that reading the KV cache reaches",
  },
  product: {
    prior: 0.6,
    spread: 0.2,
    unit: "share",
    about: "of the peak that products of many tokens reach",
  },
  widenedProduct: {
    prior: 0.7,
    spread: 0.25,
    unit: "factor",
    about: "on the above where weights are widened",
  },
  experts: {
    prior: 0.6,
    spread: 0.3,
    unit: "factor",
    about: "on memory and products of routed experts",
  },
  spill: {
    prior: 0.35,
    spread: 0.3,
    unit: "share",
    about: "of the shorter of reading and computing that the longer does not hide",
  },
  attention: {
    prior: 0.35,
    spread: 0.3,
    unit: "share",
    about: "of the 16-bit peak that attention reaches",
  },
  launch: {
    prior: 3e-5,
    spread: 0.4,
    unit: "s",
    about: "per layer: launches, norms, small kernels",
  },
  expertLaunch: {
    prior: 3e-5,
    spread: 0.5,
    unit: "s",
    about: "more per layer of experts: routing, sorting",
  },
  latentLaunch: {
    prior: 2e-5,
    spread: 0.5,
    unit: "s",
    about: "more per layer of latent attention: its extra projections",
  },
  crowd: {
    prior: 1.2,
    spread: 0.15,
    unit: "factor",
    about: "on expert work of the busiest rank where experts are whole",
  },
  waves: {
    prior: 0.5,
    spread: 0.4,
    unit: "share",
    about: "of others' prefills that a request's first token waits for",
  },
  token: {
    prior: 1.2,
    spread: 0.5,
    unit: "factor",
    about: "on bytes of activations that kernels between the products move",
  },
  step: {
    prior: 1.5e-3,
    spread: 0.6,
    unit: "s",
    about: "per pass: scheduler, sampling, copies to the host",
  },
  sequence: {
    prior: 8e-6,
    spread: 0.6,
    unit: "s",
    about: "per running sequence and pass, on the host",
  },
  request: {
    prior: 2e-3,
    spread: 0.7,
    unit: "s",
    about: "per request, one after another: parsing, tokenizing, streaming",
  },
  message: {
    prior: 1.2e-5,
    spread: 0.4,
    unit: "s",
    about: "per message between tensor-parallel ranks, inside a node",
  },
  messageOut: { prior: 3e-5, spread: 0.5, unit: "s", about: "per message that leaves the node" },
  wire: { prior: 0.7, spread: 0.3, unit: "factor", about: "on the link's own efficiency" },
  stage: { prior: 2e-4, spread: 0.6, unit: "s", about: "per pipeline stage and pass" },
  mixing: {
    prior: 0.8,
    spread: 0.25,
    unit: "share",
    about: "of others' prefill that a decoding request waits for",
  },
  scatter: {
    prior: 1,
    spread: 0.3,
    unit: "factor",
    about: "on sequences that must run at once to be drained at the end of a burst",
  },
} as const satisfies Readonly<Record<string, CoefficientSpec>>;

export type ServingCoefficient = keyof typeof servingSpecs;
export type ServingCoefficients = Readonly<Record<ServingCoefficient, number>>;

const names = Object.keys(servingSpecs) as readonly ServingCoefficient[];

/** What moves coefficients for a chip family or a software: factors with prior 1 and this spread of the logarithm. */
const effectSpreads = {
  "memory@family": 0.12,
  "memory@software": 0.15,
  "memory@chip": 0.12,
  "overhead@software": 0.4,
  "overhead@family": 0.3,
  "prefill@software": 0.2,
  "prefill@family": 0.2,
  "experts@software": 0.25,
  "work@chip": 0.08,
  /** Per year of software after 2025. */
  "overhead@year": 0.2,
  "prefill@year": 0.1,
  "memory@year": 0.05,
} as const;

const targets: Readonly<Record<string, readonly (readonly [ServingCoefficient, 1 | -1])[]>> = {
  memory: [
    ["memory", 1],
    ["cache", 1],
  ],
  overhead: [
    ["launch", 1],
    ["step", 1],
    ["sequence", 1],
    ["message", 1],
    ["expertLaunch", 1],
  ],
  prefill: [
    ["product", 1],
    ["attention", 1],
  ],
  experts: [["experts", 1]],
  work: [],
};

export type ServingTable = Readonly<Record<string, number>>;

/** What is known of a run beside its setup. */
export interface ServingCircumstances {
  readonly chip: string;
  readonly family: string;
  readonly software?: string | undefined;
  /** Year of the software with its fraction. */
  readonly year?: number | undefined;
  readonly sparse: boolean;
}

/** Keys of the effects that apply to a run, with the power each is raised to. */
export function servingEffects({
  chip,
  family,
  software,
  year,
  sparse,
}: ServingCircumstances): readonly (readonly [string, number])[] {
  const single = [
    `memory@family:${family}`,
    `memory@chip:${chip}`,
    `overhead@family:${family}`,
    `prefill@family:${family}`,
    `work@chip:${chip}`,
    ...(software === undefined
      ? []
      : [
          `memory@software:${software}`,
          `overhead@software:${software}`,
          `prefill@software:${software}`,
          ...(sparse ? [`experts@software:${software}`] : []),
        ]),
  ].map((key) => [key, 1] as const);
  const age = (year ?? 2025) - 2025;
  const byYear = ["overhead@year", "prefill@year", "memory@year"].map((key) => [key, age] as const);
  return age === 0 ? single : [...single, ...byYear];
}

/** All unknowns of some runs: coefficients first, then their effects, in order. */
export function servingUnknowns(runs: readonly ServingCircumstances[]): readonly string[] {
  return [
    ...names,
    ...[...new Set(runs.flatMap((run) => servingEffects(run).map(([key]) => key)))].sort((a, b) =>
      a < b ? -1 : 1,
    ),
  ];
}

/** Prior median and spread of an unknown. */
export function servingPrior(key: string): { readonly prior: number; readonly spread: number } {
  if (Object.hasOwn(servingSpecs, key)) return servingSpecs[key as ServingCoefficient];
  const kind = (key.split(":")[0] ?? key) as keyof typeof effectSpreads;
  return { prior: 1, spread: effectSpreads[kind] };
}

/** Coefficients of one run, its effects applied; and the factor on its whole time. */
export function resolveServing(
  table: ServingTable,
  circumstances: ServingCircumstances,
): { readonly coefficients: ServingCoefficients; readonly work: number } {
  const coefficients = {} as Record<ServingCoefficient, number>; // Filled for every name below.
  for (const name of names) coefficients[name] = table[name] ?? servingSpecs[name].prior;
  let work = 1;
  for (const [key, power] of servingEffects(circumstances)) {
    const value = table[key];
    if (value === undefined) continue;
    const factor = value ** power;
    const target = key.slice(0, key.indexOf("@"));
    if (target === "work") work *= factor;
    for (const [name, sign] of targets[target] ?? []) coefficients[name] *= factor ** sign;
  }
  return { coefficients, work };
}
