import { chooseTuneSettings, estimateTuneSeconds } from "../../tune/index.ts";
import { framePrompt, writeAnswer } from "../../framing/index.ts";
import type { ForeseenBase } from "../../intake/index.ts";
import type { Task, TaskRecord } from "../../schema/index.ts";
import type { LoadedData } from "./load-data.ts";
import { roadEnds, type RoadEnd } from "./road-options.ts";
import type { RoadRun } from "./road-run.ts";

/** Characters a token of ordinary text stands for; only a rough time depends on it. */
const charactersPerToken = 3.5;
/** Two AVX-512 cores tune at some 140 GFLOP/s; the rate grows with the threads. */
const flopsPerThread = 70e9;
/** Seconds to quantize and evaluate one precision of a base of a quarter billion weights. */
const secondsPerPrecision = 25;

/** Says what the build will do and how long it will take, before it does it or fetches a base for it. */
export function announcePlan(
  run: Pick<RoadRun, "context">,
  {
    task,
    base,
    data,
  }: { readonly task: Task; readonly base: ForeseenBase; readonly data: LoadedData },
  end: RoadEnd,
  threads: number,
): void {
  const goes = (stage: RoadEnd): boolean => roadEnds.indexOf(end) >= roadEnds.indexOf(stage);
  const sizes = (records: readonly TaskRecord[]) =>
    records.map(({ input, output }) => ({
      prompt: emptyTokens(framePrompt(task.input, input)),
      answer: emptyTokens(`${writeAnswer(task.output, output)}.`),
    }));
  const facts = {
    config: base.shape,
    train: sizes(data.splits.train),
    validation: sizes(data.splits.validation),
    settings: task.tune,
  };
  const { settings } = chooseTuneSettings(facts);
  const tuneSeconds = estimateTuneSeconds(facts, flopsPerThread * threads);
  const tail = secondsPerPrecision * task.variants.precisions.length;
  const lines = [
    `${task.name}: ${data.kept} records, base ${base.name}, ${threads} threads`,
    ...(base.bytesToFetch > 0
      ? [`  fetch    the base, ${(base.bytesToFetch / 1e6).toFixed(0)} MB, once`]
      : []),
    `  first    a classical baseline and the untouched base, about a minute`,
    ...(goes("tune")
      ? [
          `  tune     rank ${settings.rank}, ${settings.epochs} epochs, about ${minutes(tuneSeconds)}`,
        ]
      : []),
    ...(goes("quantize")
      ? [
          `  then     ${task.variants.precisions.join(", ")}: quantize and evaluate, about ${minutes(tail)}`,
        ]
      : []),
    `  Stages that are in the store already are kept. Budget: ${task.budget.minutes} min, ${task.budget.memoryGB} GB.`,
  ];
  run.context.emit({ kind: "plan", lines });
  const total = (60 + tuneSeconds + tail) / 60;
  if (goes("build") && total > task.budget.minutes) {
    run.context.emit({
      kind: "warning",
      text: `this may take ${total.toFixed(0)} minutes, more than the task's budget of ${task.budget.minutes}; fewer tune.epochs or tune.records make it shorter`,
    });
  }
}

function emptyTokens(text: string): number[] {
  return Array.from({ length: Math.ceil(text.length / charactersPerToken) }, () => 0);
}

function minutes(seconds: number): string {
  return seconds < 90 ? `${Math.round(seconds)} s` : `${(seconds / 60).toFixed(1)} min`;
}
