import { expect, test } from "vitest";
import { canonicalJson, Random } from "../../kernel/index.ts";
import { objectSchema, type TaskRecord } from "../../schema/index.ts";
import { SpanTagger, trainSpanTagger } from "./span-tagger.ts";

const span = { type: "string", source: "input", maxLength: 40 };
const output = objectSchema.parse({
  type: "object",
  required: ["street"],
  properties: { number: span, street: span, city: span },
});

function addresses(count: number, seed: number): TaskRecord[] {
  const random = new Random(seed, "addresses");
  const pick = (items: readonly string[]): string => items[random.below(items.length)] ?? "";
  return Array.from({ length: count }, (_, i) => {
    const number = `${1 + random.below(999)}`;
    const street = `${pick(["Main", "Oak", "Lake", "Hill", "King"])} ${pick(["St", "Ave", "Road"])}`;
    const city = pick(["Springfield", "Salem", "Dover", "New York"]);
    const withCity = random.next() < 0.7;
    const text = `${number} ${street}${withCity ? `, ${city}` : ""}`;
    const expected = { number, street, ...(withCity ? { city } : {}) };
    return { id: `${i}`, input: { text }, output: expected, group: text, place: `test:${i}` };
  });
}

function share(model: SpanTagger, records: readonly TaskRecord[]): number {
  const right = records.filter(
    ({ input, output: expected }) =>
      canonicalJson(model.predict(input).output) === canonicalJson(expected),
  );
  return right.length / records.length;
}

test("learns spans with optional fields, and knows when it is unsure", () => {
  const model = trainSpanTagger({ records: addresses(60, 1), output });
  expect(share(model, addresses(60, 2))).toBeGreaterThan(0.95);
  const { confidence } = model.predict({ text: "12 Oak St, Salem" });
  const strange = model.predict({ text: "to whom it may concern ; 4 4 4" });
  expect(confidence).toBeGreaterThan(0.8);
  expect(strange.confidence).toBeLessThan(confidence);
  expect(model.predict({ text: "" })).toEqual({ output: {}, confidence: 1 });
});

test("tags Chinese characters", () => {
  const pairs = [
    ["3\u53f7\u6c34\u6cf5\u6f0f\u6cb9", "\u6c34\u6cf5", "\u6f0f\u6cb9"],
    ["1\u53f7\u98ce\u673a\u8fc7\u70ed", "\u98ce\u673a", "\u8fc7\u70ed"],
    ["2\u53f7\u7535\u673a\u5f02\u54cd", "\u7535\u673a", "\u5f02\u54cd"],
    ["4\u53f7\u6c34\u6cf5\u5f02\u54cd", "\u6c34\u6cf5", "\u5f02\u54cd"],
    ["5\u53f7\u98ce\u673a\u6f0f\u6cb9", "\u98ce\u673a", "\u6f0f\u6cb9"],
    ["6\u53f7\u7535\u673a\u8fc7\u70ed", "\u7535\u673a", "\u8fc7\u70ed"],
  ] as const;
  const records = pairs.map(([text, part, fault], i) => ({
    id: `${i}`,
    input: { text },
    output: { part, fault },
    group: text,
    place: `test:${i}`,
  }));
  const schema = objectSchema.parse({ type: "object", properties: { part: span, fault: span } });
  const model = trainSpanTagger({ records, output: schema });
  expect(model.predict({ text: "7\u53f7\u6c34\u6cf5\u8fc7\u70ed" }).output).toEqual({
    part: "\u6c34\u6cf5",
    fault: "\u8fc7\u70ed",
  });
});

test("cuts finer when values end inside words", () => {
  const records = Array.from({ length: 20 }, (_, i) => ({
    id: `${i}`,
    input: { text: `${i + 10}kg` },
    output: { amount: `${i + 10}`, unit: "kg" },
    group: `${i}`,
    place: `test:${i}`,
  }));
  const schema = objectSchema.parse({ type: "object", properties: { amount: span, unit: span } });
  const model = trainSpanTagger({ records, output: schema });
  expect(model.predict({ text: "77kg" }).output).toEqual({ amount: "77", unit: "kg" });
});

test("a model read back answers the same, and training twice gives the same bytes", () => {
  const records = addresses(30, 1);
  const model = trainSpanTagger({ records, output });
  const again = SpanTagger.fromJson(JSON.parse(JSON.stringify(model.toJson())));
  for (const { input } of addresses(20, 3))
    expect(again.predict(input)).toEqual(model.predict(input));
  expect(canonicalJson(trainSpanTagger({ records, output }).toJson())).toBe(
    canonicalJson(model.toJson()),
  );
});

test("values that are nowhere in the input, and changed files, are errors", () => {
  const records = addresses(3, 1).map((record) => ({ ...record, output: { city: "Atlantis" } }));
  expect(() => trainSpanTagger({ records, output })).toThrow(/can be found in its input/);
  const json = trainSpanTagger({ records: addresses(5, 1), output }).toJson();
  for (const broken of [
    undefined,
    {},
    { ...json, properties: [] },
    { ...json, weights: "AAAA" },
    { ...json, weights: "AA" },
  ]) {
    expect(() => SpanTagger.fromJson(broken)).toThrow(/classical model/);
  }
});
