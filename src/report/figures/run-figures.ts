import type { ReportData } from "../../schema/index.ts";
import type { Unit } from "../format.ts";
import { idPart, stageNamed, type Figure } from "./figure.ts";

/** The steps from the untouched base to the winner. */
export function waterfallFigures(data: ReportData): Figure[] {
  const shared = { unit: "money", stage: stageNamed(data, "select", "evaluate") } as const;
  return data.waterfall.flatMap((step, i): Figure[] => [
    {
      ...shared,
      id: `waterfall.${i + 1}`,
      value: step.cost,
      about: `cost per 1,000 correct transactions after: ${step.label}`,
      ...(step.terms === undefined
        ? { formula: "the same identity when every answer is taken" }
        : step.variant !== undefined && { from: [`${idPart(step.variant)}.cost`] }),
    },
    {
      ...shared,
      id: `waterfall.${i + 1}.difference`,
      value: step.difference,
      about: `what the step changed: ${step.label}`,
      ...(i > 0 && {
        formula: "cost after the step - cost before it",
        from: [`waterfall.${i}`, `waterfall.${i + 1}`],
      }),
    },
  ]);
}

/** How training went. */
export function lossFigures(data: ReportData): Figure[] {
  if (data.losses === undefined) return [];
  const { train, validation } = data.losses;
  const losses = validation.map(({ loss }) => loss).filter(Number.isFinite);
  const tokens = [...train, ...validation].map((point) => point.tokens);
  const stage = stageNamed(data, "tune");
  return [
    {
      id: "tune.loss.train",
      value: train.at(-1)?.loss,
      unit: "loss",
      about: "last training loss",
      stage,
    },
    {
      id: "tune.loss.validation",
      value: losses.length === 0 ? undefined : Math.min(...losses),
      unit: "loss",
      about: "lowest validation loss",
      stage,
    },
    {
      id: "tune.tokens",
      value: Math.max(0, ...tokens),
      unit: "count",
      about: "tokens trained on",
      stage,
    },
  ];
}

/** Records per split, dropped, and of each class. */
export function dataFigures(report: ReportData): Figure[] {
  const { data } = report;
  const stage = stageNamed(report, "records", "data");
  const one = (id: string, value: number, about: string): Figure => ({
    id: `data.${id}`,
    value,
    unit: "count",
    about,
    stage,
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

/** Time and size of each stage. */
export function stageFigures(data: ReportData): Figure[] {
  const stages = data.stages.flatMap((stage): Figure[] => {
    const one = (measure: string, value: number | undefined, unit: Unit): Figure => ({
      id: `stage.${idPart(stage.name)}.${measure}`,
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
  const about = "time of the whole build";
  return [
    ...stages,
    {
      id: "run.seconds",
      value: data.run.seconds,
      unit: "seconds",
      about,
      stage: stageNamed(data, "select", "run"),
    },
  ];
}

/** What the task file sets: prices and bar. */
export function taskFigures(data: ReportData): Figure[] {
  const { prices, acceptance } = data.task;
  // The stage that reads the task file.
  const stage = stageNamed(data, "records", "task");
  const one = (id: string, value: number, unit: Unit, about: string): Figure => ({
    id: `task.${id}`,
    value,
    unit,
    about,
    stage,
  });
  return [
    one("price.machine", prices.machinePerHour, "money", "price of a machine hour"),
    one("price.escalation", prices.escalation, "money", "price of a transaction done by a person"),
    one("price.error", prices.error, "money", "price of a wrong answer that slipped through"),
    {
      ...one("by-hand", prices.escalation * 1000, "money", "1,000 transactions done by people"),
      formula: "1,000 x price of a transaction done by a person",
      from: ["task.price.escalation"],
    },
    one("bar.accuracy", acceptance.accuracy, "level", "accuracy asked of straight-through answers"),
    one(
      "bar.straight-through",
      acceptance.straightThrough,
      "level",
      "straight-through share asked",
    ),
    one(
      "bar.confidence",
      acceptance.confidence,
      "level",
      "confidence of the bar and the intervals",
    ),
  ];
}
