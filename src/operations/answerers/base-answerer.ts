import {
  frameChat,
  frameCompletion,
  readAnswer,
  renderChat,
  sourceTexts,
  type BaseTask,
  type WorkedExample,
} from "../../framing/index.ts";
import { Random, type JsonObject } from "../../kernel/index.ts";
import { encodePrompt, type Automaton, type Model } from "../../runtime/index.ts";
import type { Answer, Answerer, Task, TaskRecord } from "../../schema/index.ts";

/** The untouched base as an answerer: told the job in words, with worked examples where there are any. */
export function openBaseAnswerer(
  model: Model,
  automaton: Automaton,
  task: BaseTask,
  shots: readonly WorkedExample[],
): Answerer {
  const { tokenizer } = model;
  const template = tokenizer.chatTemplate;
  const special = {
    bos: tokenizer.bos === undefined ? "" : tokenizer.decode([tokenizer.bos]),
    eos: tokenizer.decode([tokenizer.eos]),
  };
  const frame = (input: JsonObject): number[] =>
    template === undefined
      ? encodePrompt(tokenizer, frameCompletion(task, input, shots))
      : tokenizer.encodeSpecial(renderChat(template, frameChat(task, input, shots), special));
  return {
    async answer(inputs: readonly JsonObject[]): Promise<readonly Answer[]> {
      const requests = inputs.map((input) => ({
        prompt: frame(input),
        sources: sourceTexts(task.input, input),
      }));
      const answers = await model.answer(requests, automaton);
      return answers.map(({ text, confidence, milliseconds, tokensIn, tokensOut }) => ({
        output: readAnswer(task.output, text),
        confidence,
        milliseconds,
        tokensIn,
        tokensOut,
      }));
    },
    async [Symbol.asyncDispose]() {
      await model[Symbol.asyncDispose]();
    },
  };
}

/** Worked examples from the training records: seeded, one class after another where there are classes. */
export function chooseShots(task: Task, train: readonly TaskRecord[], count: number): TaskRecord[] {
  const shuffled = new Random(task.seed, "few-shot").shuffle(train);
  const byAnswer = new Map<string, TaskRecord[]>();
  for (const record of shuffled) {
    const answer = JSON.stringify(record.output);
    byAnswer.set(answer, [...(byAnswer.get(answer) ?? []), record]);
  }
  const shots: TaskRecord[] = [];
  for (let round = 0; shots.length < Math.min(count, train.length); round++) {
    for (const group of byAnswer.values()) {
      const record = group[round];
      if (record !== undefined && shots.length < count) shots.push(record);
    }
  }
  return shots;
}
