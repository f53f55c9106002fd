/** A number that physics leaves open: fitted in log space around a prior, never negative. */
export interface CoefficientSpec {
  /** Median of the prior. */
  readonly prior: number;
  /** Standard deviation of its logarithm: 0.2 is about 20 %. */
  readonly spread: number;
  readonly unit: string;
  readonly about: string;
}

/** Every coefficient of a training step. Priors are what large kernels and links usually reach. */
export const coefficientSpecs = {
  product: {
    prior: 0.75,
    spread: 0.1,
    unit: "share",
    about: "of the 16-bit peak that large matrix products reach",
  },
  product8: {
    prior: 0.68,
    spread: 0.15,
    unit: "share",
    about: "of the 8-bit peak that large matrix products reach",
  },
  product4: {
    prior: 0.55,
    spread: 0.2,
    unit: "share",
    about: "of the 4-bit peak that large matrix products reach",
  },
  grouped: {
    prior: 0.8,
    spread: 0.2,
    unit: "factor",
    about: "on the above for products of many experts at once",
  },
  attention: {
    prior: 0.5,
    spread: 0.2,
    unit: "share",
    about: "of the 16-bit peak that fused attention reaches",
  },
  memory: {
    prior: 0.8,
    spread: 0.1,
    unit: "share",
    about: "of memory bandwidth that streaming kernels reach",
  },
  passes: {
    prior: 1,
    spread: 0.3,
    unit: "factor",
    about: "on bytes moved by norms, residuals and activations",
  },
  reuse: { prior: 1, spread: 0.4, unit: "factor", about: "on bytes moved by matrix products" },
  cast: {
    prior: 1,
    spread: 0.4,
    unit: "factor",
    about: "on bytes moved to scale and cast to 8 or 4 bits",
  },
  scores: {
    prior: 1,
    spread: 0.3,
    unit: "factor",
    about: "on bytes of scores that unfused attention moves",
  },
  scan: {
    prior: 1.5,
    spread: 0.4,
    unit: "factor",
    about: "on bytes moved by recurrent mixers (Mamba-2, delta nets)",
  },
  permute: {
    prior: 1,
    spread: 0.4,
    unit: "factor",
    about: "on bytes moved to sort tokens by expert",
  },
  launch: { prior: 6e-6, spread: 0.4, unit: "s", about: "per kernel: launch, ramp and tail" },
  expertFixed: {
    prior: 2e-4,
    spread: 0.6,
    unit: "s",
    about: "per expert layer and pass: routing, counts to the host",
  },
  imbalance: {
    prior: 1.08,
    spread: 0.05,
    unit: "factor",
    about: "on expert work when routing is not forced to balance",
  },
  wireUp: {
    prior: 1,
    spread: 0.2,
    unit: "factor",
    about: "on the link's own efficiency inside a node",
  },
  wireOut: {
    prior: 0.8,
    spread: 0.3,
    unit: "factor",
    about: "on the link's own efficiency between nodes",
  },
  exposeTensor: {
    prior: 0.7,
    spread: 0.3,
    unit: "share",
    about: "of tensor-parallel messages that no work hides",
  },
  exposeContext: {
    prior: 0.4,
    spread: 0.4,
    unit: "share",
    about: "of context-parallel messages that no work hides",
  },
  exposeExpert: {
    prior: 0.7,
    spread: 0.3,
    unit: "share",
    about: "of expert all-to-alls that no work hides",
  },
  exposePipeline: {
    prior: 0.5,
    spread: 0.4,
    unit: "share",
    about: "of pipeline messages that no work hides",
  },
  exposeDataOverlapped: {
    prior: 0.15,
    spread: 0.4,
    unit: "share",
    about: "as exposeData, where the software overlaps them with the passes",
  },
  exposeData: {
    prior: 0.4,
    spread: 0.4,
    unit: "share",
    about: "of gradient and weight messages that no work hides",
  },
  messages: {
    prior: 1,
    spread: 0.5,
    unit: "count",
    about: "rings that one layer's gradients and weights take",
  },
  stage: {
    prior: 2e-4,
    spread: 0.6,
    unit: "s",
    about: "per micro-batch and chunk: scheduling, sends and receives",
  },
  stepFixed: {
    prior: 0.03,
    spread: 0.6,
    unit: "s",
    about: "per optimizer step: gradient norm, logging, data",
  },
  straggle: {
    prior: 0.01,
    spread: 0.6,
    unit: "share",
    about: "longer per doubling of nodes: the slowest sets the pace",
  },
} as const satisfies Readonly<Record<string, CoefficientSpec>>;

export type CoefficientName = keyof typeof coefficientSpecs;
export type Coefficients = Readonly<Record<CoefficientName, number>>;

export const coefficientNames = Object.keys(coefficientSpecs) as readonly CoefficientName[];

/**
 * What may move coefficients away from the general ones. Each is a factor with prior 1: with no rows to tell
 * otherwise it stays 1. `spread` is the standard deviation of its logarithm.
 */
const effectKinds = {
  /** All of a chip's work. */
  "work@chip": { spread: 0.06 },
  /** All of a framework's work. */
  "work@software": { spread: 0.1 },
  /** All work, per year of software after 2024. */
  "work@year": { spread: 0.03 },
  /** All work, where the maker of the chip published the run: tuned for each model and system. */
  "work@vendor": { spread: 0.1 },
  /** Products of a chip family, as shares of their peak. */
  "product@family": { spread: 0.12 },
  /** Fused attention of a framework, and on a chip family. */
  "attention@software": { spread: 0.25 },
  "attention@family": { spread: 0.15 },
  /** All work on a chip as it is launched; the excess halves with each year (a learning curve of its software). */
  "work@young": { spread: 0.15 },
  /** As that, of the overheads of experts. */
  "experts@young": { spread: 0.4 },
  /** All work of models with experts, and that per year after 2026: kernels for them are young and improve fast. */
  "work@experts": { spread: 0.12 },
  "work@experts-year": { spread: 0.15 },
} as const;

type EffectKind = keyof typeof effectKinds;

/** Coefficients that an effect's factor multiplies (1) or divides (-1). */
const targets: Readonly<Record<string, readonly (readonly [CoefficientName, 1 | -1])[]>> = {
  work: [],
  product: [
    ["product", 1],
    ["product8", 1],
    ["product4", 1],
  ],
  attention: [["attention", 1]],
  experts: [
    ["expertFixed", 1],
    ["permute", 1],
    ["exposeExpert", 1],
    ["grouped", -1],
  ],
};

/** Coefficients and effects, by key (`product`, `product@family:hopper`, `work@software:nemo`, `work@year`). */
export type CoefficientTable = Readonly<Record<string, number>>;

/** Priors alone: what is known before any row. */
export function priorTable(): CoefficientTable {
  return Object.fromEntries(coefficientNames.map((name) => [name, coefficientSpecs[name].prior]));
}

/** Standard deviation of the logarithm of an unknown before any row. */
export function spreadOf(key: string): number {
  if (Object.hasOwn(coefficientSpecs, key)) return coefficientSpecs[key as CoefficientName].spread;
  return effectKinds[(key.split(":")[0] ?? key) as EffectKind].spread;
}

/** What is known of one run beside its plan: which chip, which software, when. */
export interface Circumstances {
  readonly chip: string;
  readonly family: string;
  /** Framework family, e.g. `megatron`; undefined when not told. */
  readonly software?: string | undefined;
  /** Year in which the chip was launched. */
  readonly launched: number;
  /** The chip's maker where it tuned the run itself. */
  readonly tunedBy?: string | undefined;
  /** Whether the model has experts. */
  readonly sparse?: boolean | undefined;
  /** Year of the software with its fraction, e.g. 2025.4. */
  readonly year?: number | undefined;
}

/** Keys of the effects that apply to a run, with the power each is raised to. */
export function effectsOf(found: Circumstances): readonly (readonly [string, number])[] {
  const { chip, family, software, year, launched, tunedBy, sparse = false } = found;
  const bySoftware: readonly (readonly [string, number])[] =
    software === undefined
      ? []
      : [
          [`work@software:${software}`, 1],
          [`attention@software:${software}`, 1],
        ];
  const youth = year === undefined ? 0 : 2 ** -Math.max(0, year - launched);
  const byYear: readonly (readonly [string, number])[] =
    year === undefined
      ? []
      : [
          ["work@year", year - 2024],
          ...(sparse ? [["work@experts-year", year - 2026] as const] : []),
          ["work@young", youth],
          ["experts@young", youth],
        ];
  return [
    [`work@chip:${chip}`, 1],
    [`product@family:${family}`, 1],
    [`attention@family:${family}`, 1],
    ...(sparse ? [["work@experts", 1] as const] : []),
    ...(tunedBy === undefined ? [] : [[`work@vendor:${tunedBy}`, 1] as const]),
    ...bySoftware,
    ...byYear,
  ];
}

/** Coefficients of one run, and the factor on all of its work. */
export function resolveCoefficients(
  table: CoefficientTable,
  circumstances: Circumstances,
): { readonly coefficients: Coefficients; readonly work: number } {
  const coefficients = {} as Record<CoefficientName, number>; // Filled for every name below.
  for (const name of coefficientNames) {
    coefficients[name] = table[name] ?? coefficientSpecs[name].prior;
  }
  let work = 1;
  for (const [key, power] of effectsOf(circumstances)) {
    const value = table[key];
    if (value === undefined) continue;
    const factor = value ** power;
    const target = key.slice(0, key.indexOf("@"));
    if (target === "work") work *= factor;
    for (const [name, sign] of targets[target] ?? []) coefficients[name] *= factor ** sign;
  }
  return { coefficients, work };
}
