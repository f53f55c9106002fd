import { expect, test } from "vitest";
import type { Answerer } from "../../schema/index.ts";
import { openWhenAsked } from "./open-when-asked.ts";

const answer = { output: { kind: "a" }, confidence: 1, milliseconds: 0, tokensIn: 0, tokensOut: 0 };

test("opens once, with the first input, and disposes of what was opened", async () => {
  const told: string[] = [];
  const open = async (): Promise<Answerer> => {
    told.push("opened");
    return {
      answer: async (inputs) => inputs.map(() => answer),
      [Symbol.asyncDispose]: async () => void told.push("disposed"),
    };
  };
  {
    await using unasked = openWhenAsked(open);
    expect(unasked).toBeDefined();
  }
  expect(told).toEqual([]);
  {
    await using asked = openWhenAsked(open);
    expect(await asked.answer([{ text: "x" }])).toEqual([answer]);
    await asked.answer([{ text: "y" }]);
  }
  expect(told).toEqual(["opened", "disposed"]);
});

test("what cannot be opened says so once", async () => {
  await using broken = openWhenAsked(() => Promise.reject(new Error("no memory")));
  await expect(broken.answer([{}])).rejects.toThrow("no memory");
});
