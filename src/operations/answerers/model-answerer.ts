import { readAnswer, sourceTexts } from "../../framing/index.ts";
import type { JsonObject } from "../../kernel/index.ts";
import type { Automaton, Model } from "../../runtime/index.ts";
import type { Answer, Answerer, ObjectSchema } from "../../schema/index.ts";

export interface AnsweredTask {
  readonly input: ObjectSchema;
  readonly output: ObjectSchema;
}

/**
 * A language model behind the port that every variant answers through: `frame` makes an input's prompt,
 * the automaton bounds the answer. Owns the model and disposes of it.
 */
export function openModelAnswerer(
  model: Model,
  automaton: Automaton,
  task: AnsweredTask,
  frame: (input: JsonObject) => readonly number[],
): Answerer {
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
