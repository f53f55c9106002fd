import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { digestFile, writeAtomically } from "../disk/index.ts";
import { canonicalJson, digestOf, type Digest, type JsonObject } from "../kernel/index.ts";

/** What decides a stage's output: change any of it and the stage runs again. */
export interface StageKey {
  readonly name: string;
  /** Raised by hand when the stage's code changes what it makes. */
  readonly version: number;
  readonly config: JsonObject;
  /** Digests of what it reads, by role. */
  readonly inputs: Readonly<Record<string, Digest>>;
}

export interface StageOutput {
  /** Part of the output's digest: the same inputs give the same value. */
  readonly value: JsonObject;
  /** Times, memory and energy: kept, but outside the digest. */
  readonly measured: JsonObject;
}

export interface FinishedStage extends StageOutput {
  readonly key: Digest;
  /** Digest of the value and of every file. */
  readonly digest: Digest;
  readonly folder: string;
  readonly cached: boolean;
  readonly files: readonly StageFile[];
}

export interface StageFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: Digest;
}

const marker = "stage.json";

/** Content-addressed stages in `<home>/stages/<key>`. A stage is there whole or not at all. */
export class StageStore {
  readonly #root: string;

  constructor(home: string) {
    this.#root = join(home, "stages");
    mkdirSync(this.#root, { recursive: true });
  }

  /** The finished stage, if its marker reads well and its files have their sizes. */
  find(stage: StageKey): FinishedStage | undefined {
    const key = digestOf({ ...stage });
    const folder = join(this.#root, key);
    const record = readMarker(join(folder, marker));
    const whole = record?.files.every((file) => sizeOf(join(folder, file.path)) === file.bytes);
    return record && whole ? { ...record, key, folder, cached: true } : undefined;
  }

  /**
   * Finds the stage or does it. `work` writes into the folder it is given; the folder of a killed
   * attempt is handed over again when the stage `resumes`, emptied of all but its `scratch`: a half-written
   * output must not become a file of the stage. Scratch goes last, when the stage is there: a kill before
   * that costs no more than what came after the last checkpoint.
   */
  async run(
    stage: StageKey,
    work: (folder: string) => Promise<StageOutput>,
    options: { readonly resumes?: boolean; readonly scratch?: readonly string[] } = {},
  ): Promise<FinishedStage> {
    const scratch = options.scratch ?? [];
    const found = this.find(stage);
    if (found) {
      removeAll(found.folder, scratch);
      return found;
    }
    const key = digestOf({ ...stage });
    const folder = join(this.#root, key);
    const attempt = join(this.#root, `.${key}.partial`);
    mkdirSync(attempt, { recursive: true });
    const kept = options.resumes ? scratch : [];
    removeAll(
      attempt,
      readdirSync(attempt).filter((name) => !kept.includes(name)),
    );
    const { value, measured } = await work(attempt);
    const files = listFiles(attempt, scratch);
    const digest = digestOf({ value, files: files.map(({ path, sha256 }) => ({ path, sha256 })) });
    const record = { stage, digest, value, measured, files };
    writeAtomically(join(attempt, marker), [`${canonicalJson(record)}\n`]);
    rmSync(folder, { recursive: true, force: true });
    renameSync(attempt, folder);
    removeAll(folder, scratch);
    return { key, digest, value, measured, files, folder, cached: false };
  }
}

function readMarker(path: string): Omit<FinishedStage, "key" | "folder" | "cached"> | undefined {
  if (!existsSync(path)) return undefined;
  try {
    // Parser boundary: only this file writes the marker, atomically; anything else reads as absent.
    const record = JSON.parse(readFileSync(path, "utf8")) as Omit<FinishedStage, "key">;
    const { digest, value, measured, files } = record;
    const intact = typeof digest === "string" && Array.isArray(files) && value && measured;
    return intact ? { digest, value, measured, files } : undefined;
  } catch {
    return undefined;
  }
}

function removeAll(folder: string, names: readonly string[]): void {
  for (const name of names) rmSync(join(folder, name), { recursive: true, force: true });
}

function listFiles(folder: string, scratch: readonly string[]): StageFile[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path !== marker && !scratch.includes(path.split("/")[0] ?? ""))
    .filter((path) => statSync(join(folder, path)).isFile())
    .sort()
    .map((path) => {
      const whole = join(folder, path);
      return { path, bytes: statSync(whole).size, sha256: digestFile(whole) };
    });
}

function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : -1;
}
