import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { canonicalJson, type JsonObject } from "../../kernel/index.ts";
import { objectSchema, type TaskRecord } from "../../schema/index.ts";
import { TextClassifier, trainTextClassifier } from "./text-classifier.ts";

const golden = JSON.parse(
  readFileSync(new URL("../../../test/fixtures/tfidf-golden.json", import.meta.url), "utf8"),
) as {
  train: [string, string][];
  test: string[];
  models: { classes: string[]; terms: number; probabilities: number[][] }[];
};

function recordOf(input: JsonObject, output: JsonObject, place = "test:1"): TaskRecord {
  return { id: canonicalJson({ input, output }), input, output, group: "", place };
}

test.each(golden.models)(
  "probabilities equal scikit-learn's: $classes",
  ({ classes, probabilities }) => {
    const output = objectSchema.parse({ type: "object", properties: { kind: { enum: classes } } });
    const records = golden.train
      .filter(([, kind]) => classes.includes(kind))
      .map(([text, kind]) => recordOf({ text }, { kind }));
    const model = trainTextClassifier({ records, output });
    for (const [i, text] of golden.test.entries()) {
      const [field] = model.probabilities({ text });
      for (const [c, name] of classes.entries()) {
        const at = field?.classes.indexOf(JSON.stringify(name)) ?? -1;
        expect(field?.probabilities[at], `${text}: ${name}`).toBeCloseTo(
          probabilities[i]?.[c] ?? -1,
          3,
        );
      }
    }
  },
);

const orders = objectSchema.parse({
  type: "object",
  required: ["trade", "urgent"],
  properties: {
    trade: { enum: ["\u7535\u6c14", "\u7ba1\u9053", "\u6696\u901a"] },
    urgent: { type: "boolean" },
    site: { enum: ["A", "B"] },
    source: { const: "form" },
  },
});
const chinese: readonly (readonly [string, JsonObject])[] = [
  [
    "\u914d\u7535\u67dc\u8df3\u95f8\uff0c\u7acb\u5373\u5904\u7406",
    { trade: "\u7535\u6c14", urgent: true, site: "A", source: "form" },
  ],
  [
    "\u7167\u660e\u706f\u4e0d\u4eae",
    { trade: "\u7535\u6c14", urgent: false, site: "B", source: "form" },
  ],
  [
    "\u7535\u7f06\u8001\u5316\u9700\u66f4\u6362",
    { trade: "\u7535\u6c14", urgent: false, source: "form" },
  ],
  [
    "\u6c34\u7ba1\u7206\u88c2\uff0c\u7acb\u5373\u5904\u7406",
    { trade: "\u7ba1\u9053", urgent: true, site: "A", source: "form" },
  ],
  ["\u4e0b\u6c34\u7ba1\u5835\u585e", { trade: "\u7ba1\u9053", urgent: false, source: "form" }],
  ["\u9600\u95e8\u6f0f\u6c34", { trade: "\u7ba1\u9053", urgent: false, site: "B", source: "form" }],
  [
    "\u7a7a\u8c03\u4e0d\u5236\u51b7\uff0c\u7acb\u5373\u5904\u7406",
    { trade: "\u6696\u901a", urgent: true, source: "form" },
  ],
  [
    "\u98ce\u673a\u566a\u97f3\u5927",
    { trade: "\u6696\u901a", urgent: false, site: "A", source: "form" },
  ],
  [
    "\u7a7a\u8c03\u6ee4\u7f51\u6e05\u6d17",
    { trade: "\u6696\u901a", urgent: false, site: "B", source: "form" },
  ],
];
const records = chinese.map(([text, output]) => recordOf({ text }, output));

test("learns several properties of a Chinese text, an optional one among them", () => {
  const model = trainTextClassifier({ records, output: orders });
  for (const { input, output } of records) expect(model.predict(input).output).toEqual(output);
  const { output, confidence } = model.predict({
    text: "\u7a7a\u8c03\u6f0f\u6c34\uff0c\u7acb\u5373\u5904\u7406",
  });
  expect(output).toMatchObject({ urgent: true, source: "form" });
  expect(confidence).toBeGreaterThan(0);
  expect(confidence).toBeLessThan(1);
});

test("a model read back answers the same, to the last bit", () => {
  const model = trainTextClassifier({ records, output: orders });
  const again = TextClassifier.fromJson(JSON.parse(JSON.stringify(model.toJson())));
  for (const { input } of records) expect(again.predict(input)).toEqual(model.predict(input));
  expect(canonicalJson(again.toJson())).toBe(canonicalJson(model.toJson()));
});

test("training twice gives the same bytes", () => {
  const [one, two] = [1, 2].map(() => trainTextClassifier({ records, output: orders }).toJson());
  expect(canonicalJson(one)).toBe(canonicalJson(two));
});

test("no records, and a label outside the schema, are errors that name the place", () => {
  expect(() => trainTextClassifier({ records: [], output: orders })).toThrow(/no training records/);
  const odd = recordOf({ text: "x" }, { trade: "Dach", urgent: true }, "orders.csv:7");
  expect(() => trainTextClassifier({ records: [...records, odd], output: orders })).toThrow(
    /orders\.csv:7: trade is "Dach"/,
  );
});

test("a changed file is refused", () => {
  const json = trainTextClassifier({ records, output: orders }).toJson();
  const text = JSON.stringify(json);
  const broken = [
    {},
    null,
    { ...json, version: 2 },
    { ...json, views: [] },
    JSON.parse(text.replace(/"terms":"[^"\\]*\\n/, '"terms":"')),
    JSON.parse(text.replace(/"weights":"[^"]{8}/, '"weights":"')),
    JSON.parse(text.replace(/"columns":"[^"]{8}/, '"columns":"////f/////9/')),
  ];
  for (const value of broken)
    expect(() => TextClassifier.fromJson(value)).toThrow(/classical model/);
});
