import { join, relative, resolve } from "node:path";
import type { Base } from "../../intake/index.ts";
import { errorKinds, SampanError, type JsonObject } from "../../kernel/index.ts";
import { Ledger, takeBuildLock, type FinishedStage, type RunRow } from "../../ledger/index.ts";
import type { Measurement, Precision } from "../../schema/index.ts";
import type { OperationContext, OperationResult } from "../operation.ts";
import { exportAdapter } from "./adapter-files.ts";
import { announcePlan } from "./announce-plan.ts";
import { checkMemory } from "./check-memory.ts";
import { describeMachine, describeVersions } from "./machine.ts";
import { packWinner } from "./pack-winner.ts";
import { prepareRoad, readTask, type Prepared } from "./prepare-road.ts";
import { quantizeStage } from "./quantize-stage.ts";
import { roadEnds, threadsOf, type RoadEnd, type RoadInput } from "./road-options.ts";
import { RoadRun } from "./road-run.ts";
import { chooseWinner } from "./choose-winner.ts";
import { tuneStage } from "./tune-stage.ts";
import type { MeasuredVariant } from "./variant-stage.ts";
import { measureBase, measureClassical, measureTuned } from "./variants.ts";
import { vocabularyStage } from "./vocabulary-stage.ts";
import { writeReport } from "./write-report.ts";

/** Everything a road has made so far. */
export interface Travelled {
  readonly prepared: Prepared;
  /** The base that was tuned: whole, or with the task's vocabulary. */
  readonly fitted: Base;
  readonly variants: readonly MeasuredVariant[];
  readonly tuned?: FinishedStage;
  readonly quantized: ReadonlyMap<Precision, FinishedStage>;
}

/** Goes the road from the task to the bundle, or as far as `end`; what is done already is kept. */
export async function travel(
  input: RoadInput,
  end: RoadEnd,
  context: OperationContext,
): Promise<OperationResult> {
  const file = await readTask(input, context);
  using _lock = takeBuildLock(context.home);
  using ledger = new Ledger(context.home);
  const started = context.clock();
  const id = `${file.task.name}-${new Date(context.now()).toISOString().replace(/\D/g, "").slice(0, 17)}`;
  const provenance = {
    versions: describeVersions(),
    machine: { ...describeMachine() },
    task: file.digest,
  };
  ledger.startRun({
    id,
    task: file.task.name,
    started: new Date(context.now()).toISOString(),
    command: context.command,
    provenance,
  });
  const finish = (status: RunRow["status"], result?: JsonObject): void =>
    ledger.endRun(id, status, (context.clock() - started) / 1000, result);
  try {
    const run = new RoadRun(context, id, ledger);
    const { task } = file;
    const prepared = await prepareRoad(run, file, input, (base, data) => {
      if (end !== "baseline") checkMemory(run, base.shape, task.budget.memoryGB);
      announcePlan(run, { task, base, data }, end, threadsOf(input));
    });
    const travelled = await travelTo(end, run, prepared, input);
    if (end !== "build") {
      finish("done", {});
      return describeStop(end, travelled);
    }
    return await arrive(run, ledger, travelled, input, started, finish);
  } catch (cause) {
    const interrupted = SampanError.isInstance(cause) && cause.code === "interrupted";
    try {
      finish(interrupted ? "interrupted" : "failed");
    } catch {
      // A ledger that cannot be written (a full disk) must not hide why the build failed.
    }
    throw cause;
  }
}

async function travelTo(
  end: RoadEnd,
  run: RoadRun,
  prepared: Prepared,
  input: RoadInput,
): Promise<Travelled> {
  const { task, data } = prepared;
  const threads = threadsOf(input);
  const goes = (stage: RoadEnd): boolean => roadEnds.indexOf(end) >= roadEnds.indexOf(stage);
  const variants: MeasuredVariant[] = [];
  const classical = await measureClassical(run, prepared);
  if (classical) variants.push(classical);
  if (task.variants.zeroShot) variants.push(await measureBase(run, prepared, 0, threads));
  if (task.variants.fewShot > 0) {
    variants.push(await measureBase(run, prepared, task.variants.fewShot, threads));
  }
  const quantized = new Map<Precision, FinishedStage>();
  if (!goes("tune")) return { prepared, fitted: prepared.base, variants, quantized };
  const options = { threads, seed: task.seed, provider: input.provider };
  const fitted = await vocabularyStage(run, prepared);
  const tuned = await tuneStage(run, task, fitted, data, options);
  if (goes("quantize")) {
    for (const precision of task.variants.precisions) {
      quantized.set(precision, await quantizeStage(run, task, fitted, tuned, precision, threads));
    }
  }
  if (goes("evaluate")) {
    for (const [precision, stage] of quantized) {
      variants.push(await measureTuned(run, prepared, stage, precision, threads));
    }
  }
  return { prepared, fitted, variants, tuned, quantized };
}

/** The last part: select, pack, report, and say what came out. */
async function arrive(
  run: RoadRun,
  ledger: Ledger,
  travelled: Travelled,
  input: RoadInput,
  started: number,
  finish: (status: RunRow["status"], result?: JsonObject) => void,
): Promise<OperationResult> {
  const { context } = run;
  const { task } = travelled.prepared;
  const out = resolve(context.cwd, input.out ?? join("out", task.name));
  const choice = chooseWinner(run, travelled);
  if (travelled.tuned) exportAdapter(travelled.tuned.folder, out);
  const bundle = await packWinner(run, travelled, choice, join(out, "bundle"));
  const report = await writeReport(run, ledger, travelled, choice, {
    out,
    bundle,
    seconds: (context.clock() - started) / 1000,
    show: (path) => relative(context.cwd, path) || ".",
  });
  const { winner } = choice.selection;
  const result = {
    winner: winner ?? null,
    bundle: bundle?.digest ?? null,
    report: report.path,
    digests: Object.fromEntries(run.stages.map(({ name, digest }) => [name, digest])),
  };
  finish(winner === undefined ? "bar-missed" : "won", result);
  return {
    value: { ...result, run: run.id, reason: choice.selection.reason },
    text: report.summary,
    ...(winner === undefined ? { exit: errorKinds["bar-missed"].exit } : {}),
  };
}

function describeStop(end: RoadEnd, { variants, quantized }: Travelled): OperationResult {
  const lines = variants.map(({ measurement }) => describeMeasurement(measurement));
  const files = [...quantized].map(([precision, stage]) => `  ${precision}: ${stage.folder}`);
  return {
    value: { variants: variants.map(({ measurement }) => measurement.variant.id) },
    text: [...lines, ...files, `The road ended at "${end}". Go on with: sampan build`].join("\n"),
  };
}

function describeMeasurement({ variant, test, resources }: Measurement): string {
  const right = test.filter(({ correct }) => correct).length;
  const share = ((100 * right) / Math.max(1, test.length)).toFixed(1);
  return `  ${variant.label.padEnd(44)} ${share.padStart(5)} % of ${test.length}   ${resources.latencyP50.toFixed(1)} ms`;
}
