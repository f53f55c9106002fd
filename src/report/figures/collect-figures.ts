import type { JsonObject } from "../../kernel/index.ts";
import type { ReportData } from "../../schema/index.ts";
import type { Unit } from "../format.ts";
import type { Figure } from "./figure.ts";
import {
  dataFigures,
  lossFigures,
  stageFigures,
  taskFigures,
  waterfallFigures,
} from "./run-figures.ts";
import { detailFigures, variantFigures } from "./variant-figures.ts";

/** Every figure a report of `data` shows, by id. The page shows none that is not in it. */
export function collectFigures(data: ReportData): ReadonlyMap<string, Figure> {
  const figures = new Map<string, Figure>();
  const all = [
    ...data.selection.assessments.flatMap((a) => variantFigures(data, a)),
    ...detailFigures(data),
    ...waterfallFigures(data),
    ...lossFigures(data),
    ...dataFigures(data),
    ...stageFigures(data),
    ...taskFigures(data),
  ];
  for (const figure of all) {
    const id = uniqueId(figure.id, figures);
    // JSON writes what has no number as null.
    figures.set(id, { ...figure, id, value: figure.value ?? undefined });
  }
  return figures;
}

function uniqueId(id: string, taken: ReadonlyMap<string, Figure>): string {
  if (!taken.has(id)) return id;
  let count = 2;
  while (taken.has(`${id}~${count}`)) count++;
  return `${id}~${count}`;
}

/** A figure as the ledger keeps it, for `sampan why`. */
interface TracedFigure {
  readonly id: string;
  readonly value: number | undefined;
  readonly unit: string;
  readonly formula: string;
  readonly terms: JsonObject;
  readonly stage: string;
}

/** The same figures with their terms' values and their units in words: rows for the ledger. */
export function traceFigures(data: ReportData): readonly TracedFigure[] {
  const figures = collectFigures(data);
  return [...figures.values()].map(
    ({ id, value, low, high, unit, about, formula, stage, from }) => {
      const terms = (from ?? []).map(
        (other) => [other, figures.get(other)?.value ?? null] as const,
      );
      const interval = low === undefined || high === undefined ? {} : { low, high };
      return {
        id,
        value,
        unit: unit === "money" ? data.task.prices.currency : unitWords[unit],
        formula: formula === undefined ? about : `${about} = ${formula}`,
        terms: { ...Object.fromEntries(terms), ...interval },
        stage,
      };
    },
  );
}

const unitWords: Readonly<Record<Exclude<Unit, "money">, string>> = {
  share: "share",
  level: "share",
  points: "share",
  count: "",
  bytes: "bytes",
  milliseconds: "ms",
  seconds: "s",
  rate: "per second",
  joules: "J",
  loss: "nats",
  confidence: "probability",
};
