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
    bos: tokenizer.bos === undefined ? "" : tokenizer.nameOf(tokenizer.bos),
    eos: tokenizer.nameOf(tokenizer.eos),
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

/**
 * Worked examples drawn by seed from the training records, so that classes come as often as they do in
 * the task: on the quickstart's task that beat one example of each class (41 against 32 of 60 right).
 */
export function chooseShots(task: Task, train: readonly TaskRecord[], count: number): TaskRecord[] {
  return new Random(task.seed, "few-shot").shuffle(train).slice(0, count);
}
