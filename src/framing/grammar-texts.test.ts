import { expect, test } from "vitest";
import { answerGrammar, grammarTexts } from "./index.ts";

test("a grammar's fixed texts are those that its answers are made of", () => {
  const grammar = answerGrammar({
    type: "object",
    required: ["kind"],
    properties: {
      kind: { enum: ["red", "green"] },
      code: { type: "string", maxLength: 8 },
    },
  });
  const texts = [...grammarTexts(grammar)].join("|");
  for (const part of ["red", "green", "code"]) expect(texts).toContain(part);
});
