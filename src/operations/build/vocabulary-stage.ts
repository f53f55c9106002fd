import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Base } from "../../intake/index.ts";
import { SampanError } from "../../kernel/index.ts";
import { trimVocabulary } from "../../vocabulary/index.ts";
import { taskTexts } from "../vocabulary/task-texts.ts";
import type { Prepared } from "./prepare-road.ts";
import { modelFile } from "./quantize-stage.ts";
import { numberIn, type RoadRun } from "./road-run.ts";
import { toJson } from "./tune-stage.ts";

/** Raised when the choice of tokens changes. */
const version = 1;
/** `auto` trims where at least this share of the file goes: less is not worth another base to keep. */
const worthwhile = 0.2;

/**
 * The base that is tuned and served: as it is, or with the vocabulary that the task's texts need. The
 * untouched base of the comparison stays whole.
 */
export async function vocabularyStage(
  run: RoadRun,
  { task, base, data }: Pick<Prepared, "task" | "base" | "data">,
): Promise<Base> {
  const mode = task.vocabulary;
  if (mode === "keep") return base;
  const records = [...data.splits.train, ...data.splits.validation];
  const stage = await run.stage(
    {
      name: "vocabulary",
      version,
      config: { mode, input: toJson(task.input), output: toJson(task.output) },
      inputs: { base: base.sha256, records: data.tuneDigest },
      about: `fit the ${base.config.vocabulary} tokens of ${base.name} to the task`,
      summarise: ({ value: { about } }) => (typeof about === "string" ? about : ""),
    },
    async (folder) => {
      const out = join(folder, modelFile);
      const texts = () => taskTexts(task, records);
      try {
        const trimmed = trimVocabulary({ path: base.path, digest: base.sha256, texts, out });
        const { before, bytesBefore, bytesAfter, choice } = trimmed;
        const after = choice.kept.length;
        const change = `${after} of ${before} tokens, ${megabytes(bytesAfter)} of ${megabytes(bytesBefore)} MB`;
        const value = { after, before, bytesBefore, bytesAfter, counts: { ...choice.counts } };
        if (mode === "trim" || bytesAfter <= (1 - worthwhile) * bytesBefore) {
          return { value: { ...value, fitted: true, about: change }, measured: {} };
        }
        rmSync(out);
        const why = `kept whole: ${change} would save less than ${100 * worthwhile} %`;
        return { value: { ...value, fitted: false, about: why }, measured: {} };
      } catch (cause) {
        if (mode === "trim" || !isUnsupported(cause)) throw cause;
        return { value: { fitted: false, about: `kept whole: ${cause.message}` }, measured: {} };
      }
    },
  );
  const file = stage.files.find(({ path }) => path === modelFile);
  if (file === undefined) return base;
  const { sha256, bytes } = file;
  const config = { ...base.config, vocabulary: numberIn(stage.value, "after") };
  return { ...base, path: join(stage.folder, modelFile), sha256, bytes, config };
}

function isUnsupported(cause: unknown): cause is SampanError {
  return SampanError.isInstance(cause) && cause.code === "base-unsupported";
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
