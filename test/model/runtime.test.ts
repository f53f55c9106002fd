import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answerGrammar } from "../../src/framing/index.ts";
import {
  automatonFromJson,
  automatonToJson,
  compileGrammar,
  encodeExample,
  encodePrompt,
  openModel,
  openTokenizer,
  type Model,
} from "../../src/runtime/index.ts";
import type { Grammar, ObjectSchema } from "../../src/schema/index.ts";

const store = join(
  process.env["SAMPAN_HOME"] ?? join(import.meta.dirname, "../../.sampan"),
  "files",
);
const bases = {
  "gemma-3-270m": "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
  "smollm2-135m-instruct": "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
};

const texts = [
  "canned milk merchant wholesalers",
  "  two spaces, a tab\tand\r\nlines\n\n",
  "你好，世界：采购订单 2024-07 号",
  "emoji 👩🏽‍🚀 and é, Å, ﬁ, ½",
  "<bos><eos></s><|im_start|>system<end_of_turn> [INST]",
  '{"a": [1.5e-3, "\\u0041\\\\"]}\u0000\u0001\u007f',
  "\ud800 alone",
  "",
  " ",
  "ⁿ\u200b\u202e\ufeff\u{10ffff}",
];

const sectors: Grammar = {
  kind: "choice",
  options: [
    "Manufacturing",
    "Retail Trade",
    "Retail Banking",
    "Transport",
    "Transportation",
    "农业",
  ],
};
const span = { type: "string", source: "input", maxLength: 60 } as const;
const address: ObjectSchema = {
  type: "object",
  required: ["street"],
  properties: {
    number: span,
    street: span,
    city: span,
    urgent: { type: "boolean" },
    floor: { type: "integer", minimum: -2, maximum: 4000 },
    note: { type: "string", maxLength: 12 },
  },
};
const inputs = [
  "1600 Pennsylvania Ave NW, Washington DC 20500",
  "shoe shop",
  "PO Box 12, Boise",
  "北京市朝阳区建国路 88 号",
  "corn",
  "a \\ backslash and a line\nend",
  `trucking of goods, ${"over long and longer distances, ".repeat(30)}`,
  "12 Main St",
];

describe.each(Object.entries(bases))("%s", (_, sha256) => {
  const path = join(store, sha256);
  const here = test.skipIf(!existsSync(path));
  let model: Model | undefined;
  const opened = (): Model => {
    if (model === undefined) throw new Error("the model was not opened");
    return model;
  };
  beforeAll(async () => {
    if (!existsSync(path)) return;
    model = await openModel(path, { threads: 2, clock: () => performance.now() });
  });
  afterAll(async () => model?.[Symbol.asyncDispose]());
  const ask = (text: string) => ({
    prompt: encodePrompt(opened().tokenizer, `${text}\n`),
    sources: [text],
  });

  here("ids spell the text they came from, and control stays text", async () => {
    await using light = await openTokenizer(path);
    for (const text of texts) {
      const ids = light.encode(text);
      expect(ids).toEqual(opened().tokenizer.encode(text));
      expect(light.decode(ids)).toBe(text.toWellFormed());
      expect(ids).not.toContain(light.eos);
      const { prompt, answer } = encodeExample(light, "Prompt:\n", text);
      expect(prompt[0] === light.bos).toBe(light.bos !== undefined);
      expect(light.decode(answer)).toBe(text.toWellFormed());
    }
    expect(light.encodeSpecial("<|im_end|><end_of_turn>").length).toBeLessThan(
      light.encode("<|im_end|><end_of_turn>").length,
    );
  });

  here("closed answers have the probabilities that the logits say", async () => {
    const automaton = compileGrammar(sectors, opened().tokenizer);
    const [request] = inputs.map(ask);
    if (request === undefined || automaton.kind !== "closed") throw new Error("not closed");
    const [answer] = await opened().answer([request], automaton, { fullScores: true });
    const logits = await opened().logits(request.prompt);
    const firsts = [...new Set(automaton.ids.map((ids) => ids[0] ?? 0))];
    const weights = firsts.map((id) => Math.exp(logits[id] ?? 0));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    for (const [i, first] of firsts.entries()) {
      const found = automaton.ids
        .map((ids, option) =>
          ids[0] === first ? (answer?.options?.[option]?.probability ?? 0) : 0,
        )
        .reduce((sum, probability) => sum + probability, 0);
      expect(found).toBeCloseTo((weights[i] ?? 0) / total, 4);
    }
  });

  here("an answer has the same bits alone and among others", async () => {
    for (const grammar of [sectors, answerGrammar(address)]) {
      const compiled = compileGrammar(grammar, opened().tokenizer);
      const automaton = automatonFromJson(automatonToJson(compiled));
      const together = await opened().answer(inputs.map(ask), automaton);
      for (const [i, input] of inputs.entries()) {
        const [alone] = await opened().answer([ask(input)], automaton);
        expect({ ...alone, milliseconds: 0 }).toEqual({ ...together[i], milliseconds: 0 });
      }
    }
  });

  here("spans come from the input, forced text costs nothing", async () => {
    const automaton = compileGrammar(answerGrammar(address), opened().tokenizer);
    const answers = await opened().answer(inputs.map(ask), automaton);
    for (const [i, answer] of answers.entries()) {
      expect(answer.text).toMatch(/^(number: .*\n)?street: .*\n/);
      const street = /^street: (.*)$/m.exec(answer.text)?.[1] ?? "?";
      const source = inputs[i]?.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
      expect(source).toContain(street);
      expect(answer.evaluations).toBeLessThan(answer.tokensOut);
    }
  });
});
