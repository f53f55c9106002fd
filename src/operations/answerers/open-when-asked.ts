import type { Answerer } from "../../schema/index.ts";

/** Opens an answerer with its first input: a chain whose first member is sure never loads the next. */
export function openWhenAsked(open: () => Promise<Answerer>): Answerer {
  let opened: Promise<Answerer> | undefined;
  return {
    async answer(inputs) {
      opened ??= open();
      return (await opened).answer(inputs);
    },
    async [Symbol.asyncDispose]() {
      // One that could not be opened has told so when it was asked.
      const answerer = await opened?.catch(() => undefined);
      await answerer?.[Symbol.asyncDispose]();
    },
  };
}
