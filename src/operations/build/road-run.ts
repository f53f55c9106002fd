import { SampanError, type Digest, type JsonObject } from "../../kernel/index.ts";
import {
  StageStore,
  type FinishedStage,
  type Ledger,
  type StageKey,
  type StageOutput,
} from "../../ledger/index.ts";
import type { OperationContext } from "../operation.ts";

export interface StageWork extends StageKey {
  /** What the stage is about to do, for the one who watches. */
  readonly about: string;
  /** What came of it, in a few words. */
  readonly summarise: (stage: StageOutput) => string;
  readonly resumes?: boolean;
  /** Files of the work folder that are no part of the output. */
  readonly scratch?: readonly string[];
}

/** A stage of this run, as the report shows it. */
export interface RoadStage {
  readonly name: string;
  readonly key: Digest;
  readonly digest: Digest;
  readonly cached: boolean;
  /** Time the work took when it was done, now or earlier. */
  readonly seconds: number;
  readonly bytes: number;
  /** Peak resident memory of the process by the end of the stage, when it was done. */
  readonly peakMemoryBytes: number | undefined;
  readonly summary: string;
}

/** One build on its way: runs stages, tells of them, and keeps them in the ledger. */
export class RoadRun {
  readonly stages: RoadStage[] = [];
  readonly context: OperationContext;
  readonly id: string;
  readonly #store: StageStore;
  readonly #ledger: Ledger;

  constructor(context: OperationContext, id: string, ledger: Ledger) {
    this.context = context;
    this.id = id;
    this.#store = new StageStore(context.home);
    this.#ledger = ledger;
  }

  /** Does a stage, or takes it from the store. `work` gets the folder for its files. */
  async stage(
    work: StageWork,
    make: (folder: string) => Promise<StageOutput>,
  ): Promise<FinishedStage> {
    const { name, version, config, inputs, about, summarise, resumes, scratch } = work;
    const { emit, clock } = this.context;
    this.stopIfInterrupted();
    const key: StageKey = { name, version, config, inputs };
    emit({ kind: "stage-start", stage: name, about });
    const timed = async (folder: string): Promise<StageOutput> => {
      const start = clock();
      const { value, measured } = await make(folder);
      const seconds = (clock() - start) / 1000;
      const { user, system } = process.cpuUsage();
      return {
        value,
        measured: {
          ...measured,
          seconds,
          peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
          processCpuSeconds: (user + system) / 1e6,
        },
      };
    };
    const finished = await this.#store.run(key, timed, {
      ...(resumes === undefined ? {} : { resumes }),
      ...(scratch === undefined ? {} : { scratch }),
    });
    this.record(name, inputs, finished, summarise(finished));
    return finished;
  }

  /** Enters a step whose output is kept elsewhere (a fetched file, the records themselves). */
  record(
    name: string,
    inputs: Readonly<Record<string, Digest>>,
    finished: Pick<FinishedStage, "key" | "digest" | "cached" | "measured" | "files">,
    summary: string,
  ): void {
    const { seconds: measuredSeconds } = finished.measured;
    const seconds = typeof measuredSeconds === "number" ? measuredSeconds : 0;
    const { key, digest, cached, measured, files } = finished;
    const peak = measured["peakMemoryBytes"];
    const bytes = files.reduce((total, file) => total + file.bytes, 0);
    this.#ledger.addStage(this.id, this.stages.length, {
      name,
      key,
      digest,
      cached,
      seconds,
      inputs,
      measured,
    });
    const peakMemoryBytes = typeof peak === "number" ? peak : undefined;
    this.stages.push({ name, key, digest, cached, seconds, bytes, peakMemoryBytes, summary });
    this.context.emit({ kind: "stage-end", stage: name, cached, seconds, summary });
  }

  progress(stage: string, done: number, total: number, unit: string, note?: string): void {
    this.context.emit({
      kind: "stage-delta",
      stage,
      done,
      total,
      unit,
      ...(note === undefined ? {} : { note }),
    });
  }

  stopIfInterrupted(): void {
    if (!this.context.signal.aborted) return;
    throw new SampanError("interrupted", "the build was interrupted", {
      hint: "Run the same command again: finished stages and checkpoints are kept.",
    });
  }
}

/** A member of a stage's value that must be a number. */
export function numberIn(value: JsonObject, name: string): number {
  const member = value[name];
  if (typeof member === "number") return member;
  throw new SampanError("internal", `a stage's value has no number "${name}"`, {
    hint: "Delete the store's stages folder and build again; please report it.",
  });
}
