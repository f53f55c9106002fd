import { readAnswer, sourceTexts } from "../../framing/index.ts";
import type { JsonObject } from "../../kernel/index.ts";
import type { Automaton, Model } from "../../runtime/index.ts";
import type { Answer, Answerer, AnswerOption, ObjectSchema } from "../../schema/index.ts";

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
      return answers.map(({ text, confidence, options, milliseconds, tokensIn, tokensOut }) => ({
        output: readAnswer(task.output, text),
        confidence,
        ...(options === undefined ? {} : { options: likeliest(options, task.output) }),
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

/** Most outputs that an answer lists. */
const mostOptions = 16;

function likeliest(
  options: readonly { readonly text: string; readonly probability: number }[],
  output: ObjectSchema,
): readonly AnswerOption[] {
  return [...options]
    .sort((a, b) => b.probability - a.probability)
    .slice(0, mostOptions)
    .flatMap(({ text, probability }) => {
      const read = readAnswer(output, text);
      return read === undefined ? [] : [{ output: read, probability }];
    });
}
