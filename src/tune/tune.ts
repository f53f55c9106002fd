import { join } from "node:path";
import { digestOf, Random, SampanError } from "../kernel/index.ts";
import { readTokenRows } from "./batch.ts";
import {
  readCheckpoint,
  removeCheckpoint,
  writeCheckpoint,
  type Checkpoint,
} from "./checkpoint.ts";
import { chooseTuneSettings } from "./choose-settings.ts";
import { adapterOf } from "./model/adapter-layout.ts";
import { clipGradient, rateAt, startOptimizer, takeStep } from "./optimizer.ts";
import { chooseRowLength, type PackedRow } from "./pack.ts";
import { planSteps, planValidation, type PlannedStep } from "./plan-steps.ts";
import { startAdapter } from "./start-adapter.ts";
import { openTrainer, type Trainer } from "./trainer.ts";
import {
  judgedTokens,
  type LossPoint,
  type ResolvedTuneSettings,
  type TuneExample,
  type TuneRequest,
  type TuneResult,
} from "./tune-request.ts";

/** Validations without a better loss after which tuning stops. */
const patience = 2;
/** A checkpoint is written when this much time went by since the last. */
const checkpointMilliseconds = 20_000;

/**
 * Tunes a low-rank adapter and returns the one that was best on validation. Continues from a checkpoint of
 * the same tuning in the work folder. The same request gives the same bytes, interrupted or not.
 */
export async function tune(request: TuneRequest): Promise<TuneResult> {
  const started = request.clock();
  if (request.train.length === 0) {
    throw new SampanError("data-invalid", "there is no record to tune on", {
      hint: "Check the task's data sources and splits.",
    });
  }
  const { settings, reasons } = chooseTuneSettings({ ...request, config: request.weights.config });
  const train = drawExamples(request.train, settings.records, request.seed);
  const all = [...train, ...request.validation];
  const length = chooseRowLength(all);
  const { weights, weightsDigest, workFolder, threads, provider = "cpu" } = request;
  const { arithmetic } = settings;
  const table = readTokenRows(weights, all, request.allowed);
  await using trainer = await openTrainer({
    weights,
    weightsDigest,
    arithmetic,
    workFolder,
    threads,
    provider,
    settings,
    length,
    table,
  });
  const key = digestOf([
    weightsDigest,
    settings,
    request.seed,
    request.allowed ?? null,
    train.map(learnt),
    request.validation.map(learnt),
  ]);
  const run = new TuningRun(request, settings, trainer, join(workFolder, "tune.checkpoint"), key);
  await run.follow(
    planSteps(train, settings, length, request.seed),
    planValidation(request.validation, length),
  );
  return {
    adapter: adapterOf(trainer.layout, run.bestValues, settings.alpha),
    settings,
    reasons,
    losses: run.losses,
    stoppedEarly: run.stoppedEarly,
    trainedTokens: run.tokens,
    seconds: (request.clock() - started) / 1000,
  };
}

/** What of an example moves the adapter. */
function learnt({ prompt, answer, decisions }: TuneExample) {
  const judged = decisions?.map(({ at, among }) => [at, among ?? null]);
  return [prompt, answer, judged ?? null];
}

/** `count` of the examples, drawn by seed, in their order. */
function drawExamples(
  examples: readonly TuneExample[],
  count: number,
  seed: number,
): readonly TuneExample[] {
  if (count >= examples.length) return examples;
  const places = new Random(seed, "records").shuffle(examples.map((_, index) => index));
  const kept = new Set(places.slice(0, count));
  return examples.filter((_, index) => kept.has(index));
}

/** The state of a tuning and the loop that moves it. */
class TuningRun {
  readonly #request: TuneRequest;
  readonly #settings: ResolvedTuneSettings;
  readonly #trainer: Trainer;
  readonly #path: string;
  readonly #key: string;
  readonly #values: Float32Array;
  readonly #optimizer: ReturnType<typeof startOptimizer>;
  #best: Float32Array;
  #bestLoss: number | undefined;
  #stale = 0;
  #step = 0;
  #saved: number;
  readonly losses: LossPoint[] = [];
  stoppedEarly = false;
  tokens = 0;

  constructor(
    request: TuneRequest,
    settings: ResolvedTuneSettings,
    trainer: Trainer,
    path: string,
    key: string,
  ) {
    this.#request = request;
    this.#settings = settings;
    this.#trainer = trainer;
    this.#path = path;
    this.#key = key;
    this.#values = startAdapter(trainer.layout, request.seed);
    this.#optimizer = startOptimizer(trainer.layout.size);
    this.#best = this.#values.slice();
    this.#saved = request.clock();
    const checkpoint = readCheckpoint(path, key, trainer.layout.size);
    if (checkpoint !== undefined) this.#restore(checkpoint);
  }

  get bestValues(): Float32Array {
    return this.#bestLoss === undefined ? this.#values : this.#best;
  }

  async follow(
    steps: readonly PlannedStep[],
    validation: readonly (readonly PackedRow[])[],
  ): Promise<void> {
    const schedule = {
      peak: this.#settings.learningRate,
      steps: steps.length,
      warmup: this.#settings.warmup,
    };
    const [startStep, startTokens, startTime] = [this.#step, this.tokens, this.#request.clock()];
    for (const step of steps.slice(this.#step)) {
      if (this.stoppedEarly) break;
      const loss = await this.#takeStep(step, rateAt(schedule, this.#step));
      const measured = step.lastOfEpoch ? await this.#validate(validation) : undefined;
      this.losses.push({
        step: this.#step,
        tokens: this.tokens,
        train: loss,
        ...(measured === undefined ? {} : { validation: measured }),
      });
      const seconds = (this.#request.clock() - startTime) / 1000;
      this.#request.onProgress?.({
        step: this.#step,
        steps: steps.length,
        epoch: step.epoch,
        loss,
        tokensPerSecond: (this.tokens - startTokens) / seconds,
        secondsLeft: (seconds / (this.#step - startStep)) * (steps.length - this.#step),
        ...(measured === undefined ? {} : { validation: measured }),
      });
      this.#save(measured !== undefined);
    }
    // A finished tuning must not be taken for a broken-off one, unless it is not kept anywhere yet.
    if (this.#request.keepCheckpoint !== true) removeCheckpoint(this.#path);
  }

  async #takeStep(step: PlannedStep, rate: number): Promise<number> {
    const gradient = new Float32Array(this.#values.length);
    const answers = step.runs.flat(2).reduce((sum, example) => sum + judgedTokens(example), 0);
    let loss = 0;
    for (const rows of step.runs) {
      const result = await this.#trainer.addGradient(rows, this.#values, gradient, 1 / answers);
      loss += result.loss;
      this.tokens += result.tokens;
    }
    if (!Number.isFinite(loss)) {
      throw new SampanError("data-invalid", `the loss of step ${this.#step + 1} is ${loss}`, {
        hint: "Lower tune.learningRate; if that does not help, the base's weights may be damaged.",
      });
    }
    clipGradient(gradient, this.#settings.clip);
    takeStep(this.#values, gradient, this.#optimizer, {
      rate,
      weightDecay: this.#settings.weightDecay,
    });
    this.#step += 1;
    return loss;
  }

  async #validate(runs: readonly (readonly PackedRow[])[]): Promise<number | undefined> {
    if (runs.length === 0) return undefined;
    let [loss, answers] = [0, 0];
    for (const rows of runs) {
      const result = await this.#trainer.measure(rows, this.#values);
      loss += result.loss;
      answers += result.answerTokens;
    }
    const mean = loss / answers;
    if (this.#bestLoss === undefined || mean < this.#bestLoss) {
      this.#bestLoss = mean;
      this.#best = this.#values.slice();
      this.#stale = 0;
    } else {
      this.#stale += 1;
      this.stoppedEarly = this.#stale >= patience;
    }
    return mean;
  }

  #save(always: boolean): void {
    const now = this.#request.clock();
    const stop = this.#request.signal?.aborted === true;
    if (!always && !stop && now - this.#saved < checkpointMilliseconds) return;
    writeCheckpoint(this.#path, this.#key, {
      step: this.#step,
      tokens: this.tokens,
      losses: this.losses,
      bestLoss: this.#bestLoss,
      stale: this.#stale,
      stoppedEarly: this.stoppedEarly,
      vectors: [this.#values, this.#optimizer.mean, this.#optimizer.square, this.#best],
    });
    this.#saved = now;
    if (!stop) return;
    throw new SampanError("interrupted", `tuning was stopped after step ${this.#step}`, {
      hint: "Run the same command again: it goes on from here.",
    });
  }

  #restore(checkpoint: Checkpoint): void {
    const [values, mean, square, best] = checkpoint.vectors;
    this.#values.set(values);
    this.#optimizer.mean.set(mean);
    this.#optimizer.square.set(square);
    this.#optimizer.steps = checkpoint.step;
    this.#best = best;
    this.#bestLoss = checkpoint.bestLoss;
    this.#stale = checkpoint.stale;
    this.#step = checkpoint.step;
    this.tokens = checkpoint.tokens;
    this.losses.push(...checkpoint.losses);
    this.stoppedEarly = checkpoint.stoppedEarly;
  }
}
