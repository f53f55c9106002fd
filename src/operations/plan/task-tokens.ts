import { framePrompt, writeAnswer } from "../../framing/index.ts";
import { openBase } from "../../intake/index.ts";
import { SampanError, mean } from "../../kernel/index.ts";
import { encodeExample, openTokenizer } from "../../runtime/index.ts";
import type { TaskFile } from "../../data/index.ts";
import type { Constant, TaskRecord } from "../../schema/index.ts";
import { intakePlace } from "../build/intake-place.ts";
import { loadData } from "../build/load-data.ts";
import type { OperationContext } from "../operation.ts";

/** Mean tokens of a task's prompts and answers. */
export interface TaskTokens {
  readonly input: Constant;
  readonly output: Constant;
}

/** As many records as are cut into tokens; their mean is sure to a per cent or so. */
const sampled = 1_000;

/** English and most code take about so many characters per token under vocabularies of 50,000 to 260,000 tokens. */
const charactersPerToken = 4;

/**
 * Tokens per transaction: the task's records cut by its base's own tokenizer; by a rule of thumb where the base is
 * not on this machine. Errors: those of reading the records.
 */
export async function taskTokens(file: TaskFile, context: OperationContext): Promise<TaskTokens> {
  const { splits } = await loadData(file, context);
  const records = splits.train.slice(0, sampled);
  const texts = records.map((record) => textsOf(file, record));
  const lengths = await cutTexts(file, texts, context);
  const found =
    lengths ?? texts.map(([prompt, answer]) => [estimate(prompt), estimate(answer)] as const);
  const source =
    lengths === undefined
      ? `${records.length} records at ${charactersPerToken} characters per token: ${file.task.base} is not on this machine`
      : `${records.length} records of the task, cut by the tokenizer of ${file.task.base}`;
  const constant = (name: string, values: readonly number[]): Constant => ({
    name,
    value: mean(values),
    unit: "tokens",
    provenance: lengths === undefined ? "prior" : "measured",
    source,
    date: "now",
  });
  return {
    input: constant(
      "tokens read",
      found.map(([prompt]) => prompt),
    ),
    // The end of the answer is a token as well.
    output: constant(
      "tokens written",
      found.map(([, answer]) => answer + 1),
    ),
  };
}

function textsOf({ task }: TaskFile, { input, output }: TaskRecord): readonly [string, string] {
  return [framePrompt(task.input, input), writeAnswer(task.output, output)];
}

function estimate(text: string): number {
  return text.length / charactersPerToken;
}

async function cutTexts(
  file: TaskFile,
  texts: readonly (readonly [string, string])[],
  context: OperationContext,
): Promise<readonly (readonly [number, number])[] | undefined> {
  try {
    const place = { ...intakePlace(context, file.folder), offline: true };
    const base = await openBase(file.task.base, place);
    await using tokenizer = await openTokenizer(base.path);
    return texts.map(([prompt, answer]) => {
      const cut = encodeExample(tokenizer, prompt, answer);
      return [cut.prompt.length, cut.answer.length] as const;
    });
  } catch (error) {
    // Planning needs no base; whatever is wrong with one is said by build.
    if (SampanError.isInstance(error)) return undefined;
    throw error;
  }
}
