import type { ObjectSchema, TaskRecord } from "../schema/index.ts";
import { answerForm, writeAnswer } from "./answer.ts";
import { framePrompt } from "./prompt.ts";

export interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** A record shown to an untouched base. */
export type WorkedExample = Pick<TaskRecord, "input" | "output">;

export interface BaseTask {
  readonly description: string;
  readonly input: ObjectSchema;
  readonly output: ObjectSchema;
}

/** What an untouched base is told: the job, the fields and their closed values, the form. */
export function describeJob(task: BaseTask): string {
  const lines = [task.description.trim() || "Answer with the fields below."];
  for (const [key, field] of Object.entries(task.output.properties)) {
    const values = "enum" in field ? `one of: ${field.enum.join("; ")}` : describeField(field);
    lines.push(`${key}: ${values}`);
  }
  const form = answerForm(task.output);
  if (form === "bare") lines.push("Reply with the value alone.");
  else if (form === "lines") lines.push("Reply with one `key: value` line per field that applies.");
  else lines.push("Reply with compact JSON.");
  return lines.join("\n");
}

/** The conversation for a base with a chat template; shots become earlier turns. */
export function frameChat(
  task: BaseTask,
  input: TaskRecord["input"],
  shots: readonly WorkedExample[],
): ChatMessage[] {
  return [
    { role: "system", content: describeJob(task) },
    ...shots.flatMap((shot): ChatMessage[] => [
      { role: "user", content: framePrompt(task.input, shot.input).trimEnd() },
      { role: "assistant", content: writeAnswer(task.output, shot.output).trimEnd() },
    ]),
    { role: "user", content: framePrompt(task.input, input).trimEnd() },
  ];
}

/**
 * The plain completion prompt for a base without a chat template. Worked examples say what the job is;
 * a description before them made Gemma 3 270M worse (35 against 41 of 60 right), so it stands alone.
 */
export function frameCompletion(
  task: BaseTask,
  input: TaskRecord["input"],
  shots: readonly WorkedExample[],
): string {
  const example = (text: string, answer: string): string =>
    `Input:\n${text.trimEnd()}\nAnswer:\n${answer}`;
  const worked = shots.map((shot) =>
    example(framePrompt(task.input, shot.input), writeAnswer(task.output, shot.output)),
  );
  const asked = example(framePrompt(task.input, input), "");
  const told = worked.length > 0 ? worked : [describeJob(task)];
  return [...told, asked].join("\n\n");
}

function describeField(field: ObjectSchema["properties"][string]): string {
  if ("const" in field) return `always ${field.const}`;
  if ("enum" in field) return "";
  const about = field.description ?? field.type;
  const isSpan = field.type === "string" && field.source === "input";
  return isSpan ? `${about}, copied verbatim from the input` : about;
}
