import { answerGrammar, framePrompt, grammarTexts, writeAnswer } from "../../framing/index.ts";
import type { Task, TaskRecord } from "../../schema/index.ts";

/**
 * Every text of a task that is cut into tokens, as the road cuts them: prompts, answers (which may be
 * encoded behind a newline), and what the grammar of the answers can force or offer.
 */
export function* taskTexts(
  task: Pick<Task, "input" | "output">,
  records: Iterable<TaskRecord>,
): Generator<string> {
  for (const text of new Set(grammarTexts(answerGrammar(task.output)))) yield* asAnswer(text);
  for (const { input, output } of records) {
    yield framePrompt(task.input, input);
    yield* asAnswer(writeAnswer(task.output, output));
  }
}

function* asAnswer(text: string): Generator<string> {
  yield text;
  yield `\n${text}`;
}
