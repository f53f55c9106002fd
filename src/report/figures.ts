import { sum } from "../kernel/index.ts";
import type { Assessment, ReportData } from "../schema/index.ts";
import { detailedAssessment } from "./detailed.ts";
import type { Unit } from "./format.ts";

/** One number of the report: what it says, and the stage whose measurement it goes back to. */
export interface Figure {
  /** `subject/measure`, e.g. `tuned-q4_0/cost`; safe in a shell without quotes. */
  readonly id: string;
  /** `undefined`: not measured. */
  readonly value: number | undefined;
  readonly low?: number;
  readonly high?: number;
  readonly unit: Unit;
  readonly about: string;
  /** Stage that measured or computed it; `task` for what the task file sets. */
  readonly stage: string;
  /** Ids of the figures it was computed from. */
  readonly from: readonly string[];
}

type Entry = Omit<Figure, "from"> & { readonly from?: readonly string[] };

/** Every figure a report of `data` shows, by id. `sampan why` answers from the same table. */
export function collectFigures(data: ReportData): ReadonlyMap<string, Figure> {
  const figures = new Map<string, Figure>();
  const entries = [
    ...data.selection.assessments.flatMap(variantEntries),
    ...detailEntries(data),
    ...waterfallEntries(data),
    ...lossEntries(data),
    ...dataEntries(data),
    ...stageEntries(data),
    ...taskEntries(data),
  ];
  for (const entry of entries) {
    const id = uniqueId(entry.id, figures);
    const value = entry.value ?? undefined;
    figures.set(id, { ...entry, id, value, from: entry.from ?? [] });
  }
  return figures;
}

/** A part of an id: letters, digits and `. _ : + @ -`; anything else becomes `_`. */
export function idPart(text: string): string {
  return text.replace(/[^A-Za-z0-9._:+@-]/g, "_");
}

function uniqueId(id: string, taken: ReadonlyMap<string, Figure>): string {
  if (!taken.has(id)) return id;
  let count = 2;
  while (taken.has(`${id}~${count}`)) count++;
  return `${id}~${count}`;
}

function variantEntries(a: Assessment): Entry[] {
  const { label } = a.variant;
  const one = (
    measure: string,
    value: number | { value: number; low: number; high: number } | undefined,
    unit: Unit,
    about: string,
    from: readonly string[] = [],
  ): Entry => ({
    id: `${idPart(a.variant.id)}/${measure}`,
    ...(typeof value === "object" && value !== null ? value : { value }),
    unit,
    about: `${label}: ${about}`,
    stage: "evaluate",
    from: from.map((other) => `${idPart(a.variant.id)}/${other}`),
  });
  const r = a.resources;
  return [
    one("records", a.records, "count", "test records it was measured on"),
    one("accuracy", a.accuracy, "share", "accuracy when every answer is taken"),
    one("threshold", a.threshold, "confidence", "confidence below which a person answers"),
    one("straight-through", a.straightThrough, "share", "share answered without a person"),
    one("answered-accuracy", a.answeredAccuracy, "share", "accuracy of straight-through answers"),
    one("cost", a.cost, "money", "cost per 1,000 correct transactions", costTerms),
    one("cost.machine", a.terms.machine, "money", "machine cost per 1,000 correct", ["rate"]),
    one("cost.escalation", a.terms.escalation, "money", "escalation cost per 1,000 correct"),
    one("cost.error", a.terms.error, "money", "error cost per 1,000 correct"),
    one("calibration-error", a.calibrationError, "share", "expected calibration error"),
    one("latency.p50", r.latencyP50, "milliseconds", "median latency"),
    one("latency.p95", r.latencyP95, "milliseconds", "95th percentile of latency"),
    one("rate", r.transactionsPerSecond, "rate", "transactions per second"),
    one("memory", r.memoryBytes, "bytes", "memory while serving"),
    one("cpu-seconds", r.cpuSecondsPerTransaction, "seconds", "CPU seconds per transaction"),
    one("energy", r.joulesPerTransaction, "joules", "energy per transaction"),
    one("file", r.fileBytes, "bytes", "size of its file"),
  ];
}

const costTerms = ["cost.machine", "cost.escalation", "cost.error"];

function detailEntries(data: ReportData): Entry[] {
  const a = detailedAssessment(data);
  if (a === undefined) return [];
  const id = idPart(a.variant.id);
  const fields = Object.entries(a.perField).map(([name, interval]): Entry => ({
    id: `${id}/field.${idPart(name)}`,
    ...interval,
    unit: "share",
    about: `accuracy of the field ${name}`,
    stage: "evaluate",
  }));
  const classes = classCounts(data).flatMap(({ label, records, correct }, i): Entry[] => [
    {
      id: `${id}/class.${i + 1}.records`,
      value: records,
      unit: "count",
      about: `test records of the class ${label}`,
      stage: "evaluate",
    },
    {
      id: `${id}/class.${i + 1}.correct`,
      value: correct,
      unit: "count",
      about: `of them answered correctly: ${label}`,
      stage: "evaluate",
    },
  ]);
  const mistakes = data.mistakes.map(({ confidence }, i): Entry => ({
    id: `${id}/mistake.${i + 1}`,
    value: confidence,
    unit: "confidence",
    about: `confidence in the wrong answer ${i + 1}`,
    stage: "evaluate",
  }));
  const points: readonly (readonly [string, number, string])[] = [
    ["threshold-curve", a.thresholdCurve.length, "points of the threshold curve"],
    ["calibration", a.calibration.length, "groups of the calibration plot"],
    ["confusion", data.confusion?.labels.length ?? 0, "classes of the confusion matrix"],
  ];
  const plots = points.map(([measure, value, about]): Entry => ({
    id: `${id}/${measure}`,
    value,
    unit: "count",
    about,
    stage: "evaluate",
  }));
  return [...fields, ...classes, ...mistakes, ...plots];
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

interface ClassCount {
  readonly label: string;
  readonly records: number;
  readonly correct: number;
}

function waterfallEntries(data: ReportData): Entry[] {
  return data.waterfall.flatMap((step, i): Entry[] => {
    const from = step.variant === undefined ? [] : [`${idPart(step.variant)}/cost`];
    const shared = { unit: "money", stage: "select" } as const;
    return [
      {
        ...shared,
        id: `waterfall/${i + 1}`,
        value: step.cost,
        about: `cost per 1,000 correct after: ${step.label}`,
        from,
      },
      {
        ...shared,
        id: `waterfall/${i + 1}/difference`,
        value: step.difference,
        about: `what the step changed: ${step.label}`,
        from: i === 0 ? [] : [`waterfall/${i}`, `waterfall/${i + 1}`],
      },
    ];
  });
}

function lossEntries(data: ReportData): Entry[] {
  if (data.losses === undefined) return [];
  const { train, validation } = data.losses;
  const shared = { unit: "loss", stage: "tune" } as const;
  return [
    { ...shared, id: "tune/loss.train", value: train.at(-1)?.loss, about: "last training loss" },
    {
      ...shared,
      id: "tune/loss.validation",
      value: lowest(validation.map(({ loss }) => loss)),
      about: "lowest validation loss",
    },
    {
      id: "tune/tokens",
      value: Math.max(train.at(-1)?.tokens ?? 0, validation.at(-1)?.tokens ?? 0),
      unit: "count",
      about: "tokens trained on",
      stage: "tune",
    },
  ];
}

function lowest(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : Math.min(...values);
}

function dataEntries({ data }: ReportData): Entry[] {
  const one = (id: string, value: number, about: string): Entry => ({
    id: `data/${id}`,
    value,
    unit: "count",
    about,
    stage: "data",
  });
  return [
    one("read", data.read, "records read"),
    one("kept", data.kept, "records kept"),
    one("train", data.splits.train, "training records"),
    one("validation", data.splits.validation, "validation records"),
    one("test", data.splits.test, "test records"),
    ...data.dropped.map((d, i) => one(`dropped.${i + 1}`, d.records, `dropped: ${d.reason}`)),
    ...data.classes.map((c, i) => one(`class.${i + 1}`, c.records, `records of ${c.label}`)),
  ];
}

function stageEntries(data: ReportData): Entry[] {
  const stages = data.stages.flatMap((stage): Entry[] => {
    const one = (measure: string, value: number | undefined, unit: Unit): Entry => ({
      id: `stage/${idPart(stage.name)}/${measure}`,
      value,
      unit,
      about: `${measure} of the stage ${stage.name}`,
      stage: stage.name,
    });
    return [
      one("seconds", stage.seconds, "seconds"),
      one("memory", stage.peakMemoryBytes, "bytes"),
      one("output", stage.outputBytes, "bytes"),
    ];
  });
  const total: Entry = {
    id: "run/seconds",
    value: data.run.seconds,
    unit: "seconds",
    about: "time of the whole build",
    stage: "run",
  };
  return [...stages, total];
}

function taskEntries({ task }: ReportData): Entry[] {
  const { prices, acceptance } = task;
  const one = (id: string, value: number, unit: Unit, about: string, from?: string[]): Entry => ({
    id: `task/${id}`,
    value,
    unit,
    about,
    stage: "task",
    ...(from === undefined ? {} : { from }),
  });
  return [
    one("price.machine", prices.machinePerHour, "money", "price of a machine hour"),
    one("price.escalation", prices.escalation, "money", "price of a transaction done by a person"),
    one("price.error", prices.error, "money", "price of a wrong answer that slipped through"),
    one("by-hand", prices.escalation * 1000, "money", "1,000 transactions done by a person", [
      "task/price.escalation",
    ]),
    one("bar.accuracy", acceptance.accuracy, "share", "accuracy straight-through answers need"),
    one(
      "bar.straight-through",
      acceptance.straightThrough,
      "share",
      "share that must not need one",
    ),
    one("bar.confidence", acceptance.confidence, "share", "confidence of the bar and intervals"),
  ];
}
