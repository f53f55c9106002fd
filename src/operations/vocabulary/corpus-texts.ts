import { resolve } from "node:path";
import { readTaskFile } from "../../data/index.ts";
import { SampanError } from "../../kernel/index.ts";
import { readCorpus } from "../../vocabulary/index.ts";
import { loadData } from "../build/load-data.ts";
import type { OperationContext } from "../operation.ts";
import { taskTexts } from "./task-texts.ts";

/** The texts a vocabulary is fitted to: corpus files, and what a task says outside its test records. */
export async function corpusTexts(
  given: { readonly task?: string | undefined; readonly corpus?: readonly string[] | undefined },
  context: OperationContext,
): Promise<() => Generator<string>> {
  const paths = (given.corpus ?? []).map((path) => resolve(context.cwd, path));
  if (given.task === undefined && paths.length === 0) {
    throw new SampanError("usage-invalid", "there is nothing to fit the vocabulary to", {
      hint: "Give --task with a task.yaml, --corpus with text or .jsonl files, or both.",
    });
  }
  const file =
    given.task === undefined ? undefined : await readTaskFile(resolve(context.cwd, given.task));
  const data = file && (await loadData(file, context));
  return function* texts() {
    if (file && data) {
      yield* taskTexts(file.task, [...data.splits.train, ...data.splits.validation]);
    }
    for (const path of paths) yield* readCorpus(path);
  };
}
