import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Base } from "../../intake/index.ts";
import { SampanError, type JsonObject } from "../../kernel/index.ts";
import type { Task } from "../../schema/index.ts";
import { extendVocabulary, trimVocabulary } from "../../vocabulary/index.ts";
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
  const { vocabulary } = task;
  if (vocabulary === "keep") return base;
  const records = [...data.splits.train, ...data.splits.validation];
  const stage = await run.stage(
    {
      name: "vocabulary",
      version,
      config: { mode: vocabulary, input: toJson(task.input), output: toJson(task.output) },
      inputs: { base: base.sha256, records: data.tuneDigest },
      about: `fit the ${base.config.vocabulary} tokens of ${base.name} to the task`,
      summarise: ({ value: { about } }) => (typeof about === "string" ? about : ""),
    },
    async (folder) => {
      const out = join(folder, modelFile);
      const texts = () => taskTexts(task, records);
      return { value: fitVocabulary(vocabulary, base, texts, out), measured: {} };
    },
  );
  const file = stage.files.find(({ path }) => path === modelFile);
  if (file === undefined) return base;
  const { sha256, bytes } = file;
  const config = { ...base.config, vocabulary: numberIn(stage.value, "after") };
  return { ...base, path: join(stage.folder, modelFile), sha256, bytes, config };
}

/** Writes the fitted base to `out`, or nothing where it stays whole; the value says which and why. */
function fitVocabulary(
  mode: Exclude<Task["vocabulary"], "keep">,
  base: Base,
  texts: () => Iterable<string>,
  out: string,
): JsonObject {
  try {
    if (mode === "extend") return extend(base, texts, out);
    const trimmed = trimVocabulary({ path: base.path, digest: base.sha256, texts, out });
    const { before, bytesBefore, bytesAfter, choice } = trimmed;
    const after = choice.kept.length;
    const value = { after, before, bytesBefore, bytesAfter, counts: { ...choice.counts } };
    const change = `${after} of ${before} tokens, ${megabytes(bytesAfter)} of ${megabytes(bytesBefore)} MB`;
    if (mode === "trim" || bytesAfter <= (1 - worthwhile) * bytesBefore) {
      return { ...value, fitted: true, about: change };
    }
    rmSync(out);
    const about = `kept whole: ${change} would save less than ${100 * worthwhile} %`;
    return { ...value, fitted: false, about };
  } catch (cause) {
    if (!isDeclined(cause, mode)) throw cause;
    return { fitted: false, about: `kept whole: ${cause.message}` };
  }
}

function extend(base: Base, texts: () => Iterable<string>, out: string): JsonObject {
  const extended = extendVocabulary({ path: base.path, texts, add: "auto", out });
  const { before, bytesBefore, bytesAfter, tokensBefore, tokensAfter, additions } = extended;
  const after = before + additions.length;
  const saved = ((100 * (tokensBefore - tokensAfter)) / tokensBefore).toFixed(0);
  return {
    after,
    before,
    bytesBefore,
    bytesAfter,
    tokensBefore,
    tokensAfter,
    fitted: true,
    about: `${additions.length} tokens more than ${before}; the task's texts take ${saved} % fewer`,
  };
}

/** A tokenizer that is not understood under `auto`, and a corpus for which no token would pay. */
function isDeclined(cause: unknown, mode: Task["vocabulary"]): cause is SampanError {
  if (!SampanError.isInstance(cause)) return false;
  return mode === "auto"
    ? cause.code === "base-unsupported"
    : mode === "extend" && cause.code === "data-invalid";
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
