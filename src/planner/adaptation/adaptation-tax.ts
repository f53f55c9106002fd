import { workClasses, type Adaptation, type WorkClass } from "../../schema/index.ts";
import { resolveCoefficients, type CoefficientTable } from "../efficiency/coefficients.ts";
import type { Circumstances } from "../efficiency/coefficients.ts";
import type { StepEstimate } from "../training/estimate-step.ts";

/** One class of a step's work on a platform. */
export interface ClassTax {
  readonly kind: WorkClass;
  /** Of the step's time on the reference platform's software. */
  readonly share: number;
  /** Share of the datasheet reached, over what the reference reaches; with its 80 % range. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly from: "fitted" | "catalogue" | "unknown";
  readonly source: string;
}

/** What a platform's software costs a job. */
export interface AdaptationTax {
  readonly platform: string;
  readonly classes: readonly ClassTax[];
  /** Speed over what the same silicon would reach with the reference platform's software. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/** Where a step's time goes, by class, as shares of it. The bubble and stragglers follow the rest and are left out. */
export function sharesOfStep(step: StepEstimate): Readonly<Record<WorkClass, number>> {
  const seconds = {
    products: step.products + step.recompute + step.logits,
    attention: step.attention,
    streaming: step.streaming + step.optimizer,
    collectives:
      step.tensorWire + step.expertWire + step.contextWire + step.pipelineWire + step.dataWire,
    launch: step.launch + step.fixed,
  };
  const total = workClasses.reduce((sum, kind) => sum + seconds[kind], 0);
  return {
    products: seconds.products / total,
    attention: seconds.attention / total,
    streaming: seconds.streaming / total,
    collectives: seconds.collectives / total,
    launch: seconds.launch / total,
  };
}

/**
 * The tax of a chip's platform on work of the given shares. Times add up, so the speed of the whole is the harmonic
 * mean of the classes' ratios by their shares (Amdahl's law): `1 / sum(share / ratio)`.
 */
export function adaptationTax(
  shares: Readonly<Record<WorkClass, number>>,
  circumstances: Circumstances,
  adaptation: Adaptation,
  table: CoefficientTable,
): AdaptationTax {
  const platform = adaptation.platforms.find(({ families }) =>
    families.includes(circumstances.family),
  );
  const ratios = platform?.ratios ?? adaptation.unknown;
  const classes = workClasses.map((kind): ClassTax => {
    const { value, low = value, high = value, source } = ratios[kind];
    const from = platform === undefined ? "unknown" : "catalogue";
    const known = { kind, share: shares[kind], ratio: value, low, high, from, source } as const;
    return platform?.id === adaptation.reference
      ? known
      : (fittedTax(known, circumstances, table) ?? known);
  });
  const ratio = meanRatio(classes.map(({ share, ratio: own }) => [share, own]));
  const away = (end: "low" | "high"): number =>
    // Classes err apart from one another: each moves the whole by itself, and the moves add in quadrature.
    Math.hypot(
      ...classes.map((moved) => {
        const others = classes.map(
          (one) => [one.share, one === moved ? one[end] : one.ratio] as const,
        );
        return meanRatio(others) - ratio;
      }),
    );
  return {
    platform: platform?.name ?? `family "${circumstances.family}", which no platform names`,
    classes,
    ratio,
    low: Math.max(0, ratio - away("low")),
    high: ratio + away("high"),
  };
}

function meanRatio(pairs: readonly (readonly [number, number])[]): number {
  return 1 / pairs.reduce((sum, [share, ratio]) => sum + share / ratio, 0);
}

/** Half-width of a fitted ratio: what source-held-out fits of one family move by. */
const fittedSpread = 0.1;

/** What the fit on published rows says of a family, relative to all; undefined where no row was of it. */
function fittedTax(
  known: ClassTax,
  circumstances: Circumstances,
  table: CoefficientTable,
): ClassTax | undefined {
  if (known.kind !== "products" && known.kind !== "attention") return undefined;
  const name = known.kind === "products" ? "product" : "attention";
  if (!Object.hasOwn(table, `${name}@family:${circumstances.family}`)) return undefined;
  const own = resolveCoefficients(table, circumstances);
  const reference = resolveCoefficients(table, { ...circumstances, chip: "", family: "hopper" });
  const ratio = own.coefficients[name] / own.work / (reference.coefficients[name] / reference.work);
  return {
    ...known,
    ratio,
    low: ratio * (1 - fittedSpread),
    high: ratio * (1 + fittedSpread),
    from: "fitted",
    source: "fitted on published training runs; see the table of coefficients",
  };
}
