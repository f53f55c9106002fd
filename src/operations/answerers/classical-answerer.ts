import type { JsonObject } from "../../kernel/index.ts";
import type { ClassicalModel } from "../../evaluate/index.ts";
import type { Answer, Answerer } from "../../schema/index.ts";

/** A classical baseline behind the port that every variant answers through. */
export function openClassicalAnswerer(model: ClassicalModel, clock: () => number): Answerer {
  return {
    async answer(inputs: readonly JsonObject[]): Promise<readonly Answer[]> {
      return inputs.map((input) => {
        const start = clock();
        const { output, confidence } = model.predict(input);
        return { output, confidence, milliseconds: clock() - start, tokensIn: 0, tokensOut: 0 };
      });
    },
    async [Symbol.asyncDispose]() {
      await Promise.resolve();
    },
  };
}
