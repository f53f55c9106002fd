import { sum } from "../../kernel/index.ts";
import type { Assessment, Interval, ReportData } from "../../schema/index.ts";
import { detailedAssessment } from "../detailed.ts";
import type { Unit } from "../format.ts";
import { idPart, stageNamed, type Figure } from "./figure.ts";

type Value = number | Interval | null | undefined;
type How = Pick<Figure, "formula" | "from">;

type Enter = (measure: string, value: Value, unit: Unit, about: string, how?: How) => Figure;

/** What was measured of one variant, and its price. */
export function variantFigures(data: ReportData, a: Assessment): Figure[] {
  const name = idPart(a.variant.id);
  const stage = stageOf(data, a);
  const one: Enter = (measure, value, unit, about, how = {}) => ({
    id: `${name}.${measure}`,
    ...(typeof value === "object" && value !== null ? value : { value: value ?? undefined }),
    unit,
    about: `${a.variant.label}: ${about}`,
    stage,
    ...(how.formula === undefined ? {} : { formula: how.formula }),
    ...(how.from === undefined ? {} : { from: how.from.map((other) => named(name, other)) }),
  });
  return [
    ...qualityFigures(a, one),
    ...costFigures(a, one),
    one("calibration-error", a.calibrationError, "points", "distance of confidence and accuracy", {
      formula: "|confidence - accuracy| of each group of answers, weighted by its records",
    }),
    ...resourceFigures(a, one),
  ];
}

function qualityFigures(a: Assessment, one: Enter): Figure[] {
  // Of no answers there is no share.
  const answered = a.straightThrough.value > 0 ? a.answeredAccuracy : undefined;
  return [
    one("records", a.records, "count", "test records it was measured on"),
    one("accuracy", a.accuracy, "share", "accuracy when every answer is taken", {
      formula: "right answers / test records, with a Wilson score interval",
      from: ["records"],
    }),
    one("threshold", a.threshold, "confidence", "confidence below which a person answers", {
      formula:
        "of the confidences expected to keep the bar most surely, the one with the lowest expected cost on validation",
    }),
    one("straight-through", a.straightThrough, "share", "share answered without a person", {
      formula: "answers at or above the threshold / test records",
      from: ["threshold", "records"],
    }),
    one("answered-accuracy", answered, "share", "accuracy of straight-through answers", {
      formula: "right answers at or above the threshold / answers at or above it",
      from: ["threshold", "straight-through"],
    }),
  ];
}

function costFigures({ cost, terms }: Assessment, one: Enter): Figure[] {
  return [
    one("cost", cost, "money", "cost per 1,000 correct transactions", {
      formula: "machine + escalation + error, with a bootstrap interval",
      from: ["cost.machine", "cost.escalation", "cost.error"],
    }),
    one("cost.machine", terms.machine, "money", "machine cost per 1,000 correct transactions", {
      formula: "transactions x machine price / rate, per 1,000 correct",
      from: ["rate", "/task.price.machine"],
    }),
    one("cost.escalation", terms.escalation, "money", "cost of people per 1,000 correct", {
      formula: "transactions below the threshold x price of a person, per 1,000 correct",
      from: ["straight-through", "/task.price.escalation"],
    }),
    one("cost.error", terms.error, "money", "cost of wrong answers per 1,000 correct", {
      formula: "wrong straight-through answers x price of an error, per 1,000 correct",
      from: ["straight-through", "answered-accuracy", "/task.price.error"],
    }),
  ];
}

function resourceFigures({ resources: r }: Assessment, one: Enter): Figure[] {
  return [
    one("latency.p50", r.latencyP50, "milliseconds", "latency, median"),
    one("latency.p95", r.latencyP95, "milliseconds", "latency, 95th percentile"),
    one("rate", r.transactionsPerSecond, "rate", "transactions per second"),
    one("memory", r.memoryBytes, "bytes", "memory while serving"),
    one("cpu-seconds", r.cpuSecondsPerTransaction, "seconds", "CPU time per transaction"),
    one("energy", r.joulesPerTransaction, "joules", "energy per transaction"),
    one("file", r.fileBytes, "bytes", "size of its file"),
  ];
}

/** A leading slash: the id is whole already. */
function named(variant: string, id: string): string {
  return id.startsWith("/") ? id.slice(1) : `${variant}.${id}`;
}

function stageOf(data: ReportData, { variant }: Assessment): string {
  const own = `evaluate-${variant.id}`;
  return stageNamed(data, own, ...(variant.kind === "chain" ? ["select"] : []), "evaluate");
}

/** Of the detailed variant alone: fields, classes, mistakes, and what its plots are drawn from. */
export function detailFigures(data: ReportData): Figure[] {
  const a = detailedAssessment(data);
  if (a === undefined) return [];
  const stage = stageOf(data, a);
  const one = (measure: string, value: Value, unit: Unit, about: string): Figure => ({
    id: `${idPart(a.variant.id)}.${measure}`,
    ...(typeof value === "object" && value !== null ? value : { value: value ?? undefined }),
    unit,
    about: `${a.variant.label}: ${about}`,
    stage,
  });
  return [
    ...Object.entries(a.perField).map(([name, interval]) =>
      one(`field.${idPart(name)}`, interval, "share", `accuracy of the field ${name}`),
    ),
    ...classCounts(data).flatMap(({ label, records, correct }, i) => [
      one(`class.${i + 1}.records`, records, "count", `test records of ${label}`),
      one(`class.${i + 1}.correct`, correct, "count", `right answers among those of ${label}`),
    ]),
    ...data.mistakes.map(({ confidence }, i) =>
      one(`mistake.${i + 1}`, confidence, "confidence", `confidence in wrong answer ${i + 1}`),
    ),
    one("threshold-curve", a.thresholdCurve.length, "count", "points of the threshold curve"),
    one("calibration", a.calibration.length, "count", "groups of the calibration plot"),
    one(
      "confusion",
      data.confusion?.labels.length ?? 0,
      "count",
      "classes of the confusion matrix",
    ),
  ];
}

interface ClassCount {
  readonly label: string;
  readonly records: number;
  readonly correct: number;
}

/** Right and seen test records of each class: in the confusion matrix's order, else by label. */
export function classCounts(data: ReportData): readonly ClassCount[] {
  const { confusion } = data;
  if (confusion !== undefined) {
    return confusion.labels.map((label, i) => ({
      label,
      records: sum(confusion.counts[i] ?? []),
      correct: confusion.counts[i]?.[i] ?? 0,
    }));
  }
  return Object.entries(detailedAssessment(data)?.perClass ?? {})
    .map(([label, counts]) => ({ label, ...counts }))
    .sort((a, b) => (a.label < b.label ? -1 : 1));
}
