import type { JsonObject } from "../../kernel/index.ts";
import type { ClassicalModel } from "../../evaluate/index.ts";
import type { Answer, Answerer } from "../../schema/index.ts";

/** A classical baseline behind the port that every variant answers through. */
export function openClassicalAnswerer(model: ClassicalModel, clock: () => number): Answerer {
  return {
    async answer(inputs: readonly JsonObject[]): Promise<readonly Answer[]> {
      return inputs.map((input) => {
        const start = clock();
        const predicted = model.predict(input);
        return { ...predicted, milliseconds: clock() - start, tokensIn: 0, tokensOut: 0 };
      });
    },
    async [Symbol.asyncDispose]() {
      await Promise.resolve();
    },
  };
}
