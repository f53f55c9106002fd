import { framePrompt, readAnswer, sourceTexts } from "../../framing/index.ts";
import type { JsonObject } from "../../kernel/index.ts";
import { encodePrompt, type Automaton, type Model } from "../../runtime/index.ts";
import type { Answer, Answerer, ObjectSchema } from "../../schema/index.ts";

export interface TunedTask {
  readonly input: ObjectSchema;
  readonly output: ObjectSchema;
}

/** A tuned model as an answerer: frames inputs, decodes within the automaton, reads answers back. */
export function openTunedAnswerer(model: Model, automaton: Automaton, task: TunedTask): Answerer {
  return {
    async answer(inputs: readonly JsonObject[]): Promise<readonly Answer[]> {
      const requests = inputs.map((input) => ({
        prompt: encodePrompt(model.tokenizer, framePrompt(task.input, input)),
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
