import { expect, test } from "vitest";
import { canonicalJson } from "../../kernel/index.ts";
import { objectSchema } from "../../schema/index.ts";
import { chooseClassical } from "./choose-classical.ts";
import { readClassical, trainClassical } from "./train-classical.ts";

const text = objectSchema.parse({ type: "object", properties: { text: { type: "string" } } });
const count = objectSchema.parse({
  type: "object",
  properties: { n: { type: "integer", minimum: 0, maximum: 9 } },
});
const trade = { enum: ["electric", "plumbing"] };
const span = { type: "string", source: "input" };

function outputOf(properties: object) {
  return objectSchema.parse({ type: "object", properties });
}

test.each([
  [
    "enums, booleans and constants",
    { a: trade, b: { type: "boolean" }, c: { const: 1 } },
    "classifier",
  ],
  [
    "a small range of integers",
    { stars: { type: "integer", minimum: 1, maximum: 5 } },
    "classifier",
  ],
  ["spans", { a: span, b: span }, "tagger"],
  ["spans beside a closed set", { a: span, b: trade }, "both"],
  ["free text", { a: trade, b: { type: "string" } }, undefined],
  ["a wide range of integers", { a: { type: "integer", minimum: 0, maximum: 1_000 } }, undefined],
  ["numbers", { a: { type: "number", minimum: 0, maximum: 1 } }, undefined],
  ["lists", { a: { type: "array", items: trade, maxItems: 3 } }, undefined],
])("%s", (_, properties, kind) => {
  expect(chooseClassical(text, outputOf(properties)).kind).toBe(kind);
});

test("the reason names what does not fit", () => {
  expect(chooseClassical(text, outputOf({ note: { type: "string" } })).reason).toContain(
    "note is neither",
  );
  const { kind, reason } = chooseClassical(count, outputOf({ a: span }));
  expect(kind).toBeUndefined();
  expect(reason).toContain("no text");
  const { model } = trainClassical({
    records: [],
    input: text,
    output: outputOf({ note: { type: "string" } }),
  });
  expect(model).toBeUndefined();
});

const orders = [
  ["fuse blown in pump room", "pump room", "electric"],
  ["pipe leaks in cellar", "cellar", "plumbing"],
  ["no light in hall", "hall", "electric"],
  ["drain blocked in kitchen", "kitchen", "plumbing"],
  ["switch broken in lab", "lab", "electric"],
  ["tap drips in yard", "yard", "plumbing"],
] as const;
const records = orders.map(([line, place, kind], i) => ({
  id: `${i}`,
  input: { text: line },
  output: { place, trade: kind },
  group: line,
  place: `test:${i}`,
}));

test("a task with both kinds of answers gets both models, kept as one", () => {
  const output = outputOf({ place: span, trade });
  const { model } = trainClassical({ records, input: text, output });
  const answer = model?.predict({ text: "pipe leaks in hall" });
  expect(answer?.output).toEqual({ place: "hall", trade: "plumbing" });
  expect(answer?.confidence).toBeGreaterThan(0);
  expect(answer?.confidence).toBeLessThanOrEqual(1);
  const again = readClassical(JSON.parse(canonicalJson(model?.toJson())));
  expect(again.kind).toBe("both");
  expect(again.predict({ text: "pipe leaks in hall" })).toEqual(answer);
});

test.each([null, 7, {}, { kind: "forest" }, { kind: "both" }, { kind: "both", classifier: 1 }])(
  "a file that is no model is refused: %j",
  (json) => {
    expect(() => readClassical(json)).toThrow(/classical model/);
  },
);
