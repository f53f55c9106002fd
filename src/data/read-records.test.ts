import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { catchError } from "../../test/catch-error.ts";
import { SampanError } from "../kernel/index.ts";
import { dataSourceSchema, taskSchema, type DataSource } from "../schema/index.ts";
import { readRecords, type RecordBatch } from "./read-records.ts";

const folder = mkdtempSync(join(tmpdir(), "sampan-read-"));
afterAll(() => rmSync(folder, { recursive: true }));

const task = taskSchema.parse({
  name: "t",
  input: { type: "object", properties: { text: { type: "string", maxLength: 100 } } },
  output: { type: "object", properties: { label: { enum: ["red", "green", "dark blue"] } } },
  data: [{ name: "rows", file: { places: [{ path: "x" }] } }],
  acceptance: { accuracy: 0.9 },
});
const wide = taskSchema.parse({
  ...task,
  output: {
    type: "object",
    required: [],
    properties: {
      count: { type: "integer", minimum: 0, maximum: 10 },
      price: { type: "number", minimum: 0, maximum: 10, decimals: 2 },
      paid: { type: "boolean" },
      name: { type: "string", source: "input" },
      code: { type: "string", pattern: "[A-Z]{2}" },
      tags: { type: "array", items: { enum: ["a", "b"] }, maxItems: 2 },
    },
  },
});

function read(
  text: string | Uint8Array,
  source: Partial<DataSource> = {},
  of = task,
): Promise<RecordBatch> {
  const whole = dataSourceSchema.parse({
    name: "rows",
    file: { places: [{ path: "x" }] },
    ...source,
  });
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  return readRecords(whole, bytes, of, folder);
}

const jsonl = (rows: readonly unknown[]): string =>
  rows.map((row) => JSON.stringify(row)).join("\n");

describe("the readers agree", () => {
  const wanted = [
    { text: "a, \u4f60\u597d", label: "red" },
    { text: 'say "b"', label: "dark blue" },
  ];
  test.each([
    ["jsonl", jsonl(wanted)],
    ["jsonl", jsonl(wanted.map(({ text, label }) => ({ input: { text }, output: { label } })))],
    ["json", JSON.stringify(wanted)],
    ["json", JSON.stringify({ version: 1, rows: wanted })],
    ["csv", '\ufefftext,label\r\n"a, \u4f60\u597d",red\r\n"say ""b""", dark blue \r\n'],
    ["csv", 'label;text;other\nred;a, \u4f60\u597d;1\ndark blue;"say ""b""";2\n\n'],
    ["tsv", 'text\tlabel\na, \u4f60\u597d\tred\nsay "b"\tdark blue'],
  ])("%s %#", async (reader, text) => {
    const { records, counts } = await read(text, { reader });
    expect(records.map(({ input, output }) => ({ ...input, ...output }))).toEqual(wanted);
    expect(counts).toEqual({ read: 2, kept: 2, duplicates: 0, dropped: {} });
  });
});

test("columns are mapped, groups read, numbers taken for labels", async () => {
  const numbered = taskSchema.parse({
    ...task,
    output: { type: "object", properties: { label: { enum: ["0", "1"] } } },
  });
  const text = jsonl([
    { q: "one", a: 0, who: "x" },
    { q: "two", a: 1, who: "x" },
  ]);
  const { records } = await read(
    text,
    { input: { text: "q" }, output: { label: "a" }, group: "who" },
    numbered,
  );
  expect(records.map(({ output, group, place }) => [output["label"], group, place])).toEqual([
    ["0", "x", "rows:1"],
    ["1", "x", "rows:2"],
  ]);
});

test("cells become what the schema says, empty cells are absent", async () => {
  const text =
    'text,count,price,paid,name,code,tags\nAnn pays,3,2.50,yes,Ann,AB,"[""a""]"\nBob,,,,,,\n';
  const { records } = await read(text, { reader: "csv" }, wide);
  expect(records.map(({ output }) => output)).toEqual([
    { count: 3, price: 2.5, paid: true, name: "Ann", code: "AB", tags: ["a"] },
    {},
  ]);
});

test("a constant needs no column, and is checked where it has one", async () => {
  const priced = taskSchema.parse({
    ...task,
    output: {
      type: "object",
      required: ["label", "currency"],
      properties: {
        currency: { const: "EUR" },
        label: { enum: ["red", "green"] },
        version: { const: 2 },
      },
    },
  });
  const wanted = [{ label: "red", currency: "EUR" }];
  for (const row of [
    { text: "a", label: "red" },
    { text: "a", label: "red", currency: "" },
    { input: { text: "a" }, output: { label: "red" } },
  ]) {
    const { records } = await read(jsonl([row]), {}, priced);
    expect(records.map(({ output }) => output)).toEqual(wanted);
  }
  const wrong = jsonl([{ text: "a", label: "red", currency: "USD" }]);
  await expect(read(wrong, {}, priced)).rejects.toThrow(/output\.currency is "USD"/);
});

/** One broken record: its text, and what must be said of it. */
const broken: readonly (readonly [string, string, RegExp])[] = [
  [
    "a label outside the enum",
    '{"text":"a","label":"gren"}',
    /rows:1 output\.label "gren" is not in the enum\. Did you mean "green"\?/,
  ],
  ["a far label", '{"text":"a","label":"purple"}', /Labels: "red", "green", "dark blue"/],
  ["no JSON", "{text: a}", /rows:1 is not JSON/],
  ["a bare value", "3", /is not an object/],
  [
    "a missing column",
    '{"txt":"a","label":"red"}',
    /no column "text" for input\.text\. Did you mean "txt"\?/,
  ],
  [
    "an unknown property",
    '{"input":{"text":"a","x":1},"output":{"label":"red"}}',
    /input\.x is not a property/,
  ],
  ["an empty input", '{"text":"  ","label":"red"}', /input is empty/],
  ["a null", '{"text":null,"label":"red"}', /input\.text is missing/],
  ["a list for a text", '{"text":[5],"label":"red"}', /input\.text is \[5\]\. It must be text/],
  ["too long", `{"text":"${"x".repeat(101)}","label":"red"}`, /has 101 characters/],
  ["a NUL character", '{"text":"a\\u0000","label":"red"}', /NUL character/],
  ["half a character", '{"text":"a\\ud800","label":"red"}', /half of a surrogate pair/],
  ["a deep nest", `{"text":${"[".repeat(99)}${"]".repeat(99)},"label":"red"}`, /nests deeper/],
  [
    "a dangerous key",
    '{"input":{"text":"a","__proto__":{"label":"red"}},"output":{"label":"red"}}',
    /__proto__/,
  ],
];

test.each(broken)("%s is named with its place", async (_, line, wanted) => {
  const error = await catchError(read(line));
  expect(error.code).toBe("data-invalid");
  expect(error.message).toMatch(wanted);
});

test.each([
  ["count", "11", /from 0 to 10/],
  ["count", "1.5", /whole number/],
  ["count", "two", /must be a number/],
  ["price", "1.234", /digits after the point/],
  ["price", "1e-7", /exponent/],
  ["paid", "maybe", /true or false/],
  ["name", "ann", /differs in capitals or spaces only/],
  ["name", "Zoe", /does not stand in the input/],
  ["code", "ABC", /does not match the pattern/],
  ["tags", '["a","b","a"]', /3 entries/],
  ["tags", '["c"]', /not in the enum/],
  ["tags", "a", /must be a list/],
])("the cell %s: %s is refused", async (column, cell, wanted) => {
  const quoted = `"${cell.replaceAll('"', '""')}"`;
  const error = await catchError(
    read(`text,${column}\nAnn pays,${quoted}`, { reader: "csv" }, wide),
  );
  expect(error.message).toMatch(wanted);
});

test("a CSV line with the wrong number of columns is placed, also after a cell of several lines", async () => {
  const error = await catchError(read('text,label\n"a\nb",red\nc,red,green\n', { reader: "csv" }));
  expect(error.message).toMatch(/rows:4 has 3 columns, but the header has 2/);
});

test.each([
  ["csv", 'text,label\n"a,red\n', /is not CSV/],
  ["csv", "text,text\na,b\n", /names the column "text" twice/],
  ["csv", "", /has no header/],
  ["json", "[{]", /is not JSON/],
  ["json", "3", /not an array/],
  ["json", "[".repeat(100_000), /nests deeper/],
  ["jsonl", "", /has no records/],
  ["jsonl", Uint8Array.of(0x7b, 0xff), /not UTF-8 from byte 1/],
  ["csv", Uint8Array.of(0xff, 0xfe, 0x41, 0), /UTF-16/],
])("an unreadable %s file %# is refused", async (reader, text, wanted) => {
  const error = await catchError(read(text, { reader }));
  expect([error.code, error.hint === ""]).toEqual(["data-invalid", false]);
  expect(error.message).toMatch(wanted);
});

test("any bytes give records or an error that can be shown", async () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 6 }).map((bytes) => [...bytes]),
    fc
      .constantFrom(
        '{"text":"a","label":"red"}',
        "text,label",
        "a\tred",
        '"',
        "\r\n",
        "[",
        "{",
        ",",
        "\ufeff",
      )
      .map((text) => [...new TextEncoder().encode(text)]),
  );
  const reader = fc.constantFrom("jsonl", "json", "csv", "tsv");
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 12 }), reader, async (pieces, name) => {
      const found = await read(Uint8Array.from(pieces.flat()), { reader: name }).then(
        ({ records }) => records.length > 0,
        (error: unknown) => SampanError.isInstance(error) && error.code === "data-invalid",
      );
      expect(found).toBe(true);
    }),
    { numRuns: 400 },
  );
});

test("the first ten broken records are shown, and all counted", async () => {
  const rows = Array.from({ length: 25 }, (_, at) => ({
    text: `t${at}`,
    label: at === 0 ? "red" : "no",
  }));
  const error = await catchError(read(jsonl(rows)));
  expect(error.message.split("\n")).toHaveLength(12);
  expect(error.message).toMatch(/24 records are broken/);
  expect(error.message).toMatch(/and 14 more/);
});

test("doubles are merged; few contradictions are dropped and counted", async () => {
  const rows = Array.from({ length: 300 }, (_, at) => ({ text: `t${at}`, label: "red" }));
  const { counts, rejects } = await read(
    jsonl([...rows, { text: "t1", label: "red" }, { text: "t2", label: "green" }]),
  );
  expect(counts).toEqual({
    read: 302,
    kept: 299,
    duplicates: 1,
    dropped: { "one input with different outputs": 2 },
  });
  expect(rejects.map(({ place }) => place)).toEqual(["rows:3", "rows:302"]);
});

test("many contradictions stop the reading", async () => {
  const rows = ["red", "green", "red"].map((label, at) => ({
    text: at < 2 ? "same" : "other",
    label,
  }));
  const error = await catchError(read(jsonl(rows)));
  expect(error.message).toMatch(/2 records contradict.*\nrows:1 has the output.*rows:2/);
});

describe("a reader module", () => {
  const module = (body: string): string => {
    const name = `./read-${body.length}.ts`;
    writeFileSync(join(folder, name), body);
    return name;
  };
  test("yields records, groups, places and what it left out", async () => {
    const reader = module(`export default function* (bytes: Uint8Array) {
      yield { drop: "a heading" };
      yield { input: { text: new TextDecoder().decode(bytes) }, output: { label: "red" }, group: "g", place: 7 };
    }`);
    const { records, counts, readerDigest } = await read("whole", { reader });
    expect(records.map(({ input, group, place }) => [input["text"], group, place])).toEqual([
      ["whole", "g", "rows:7"],
    ]);
    expect(counts).toEqual({ read: 2, kept: 1, duplicates: 0, dropped: { "a heading": 1 } });
    expect(readerDigest).toMatch(/^[0-9a-f]{64}$/);
  });
  test.each([
    ["export default 3;", /no default export/],
    ["export default function* () { throw new Error('line 3'); }", /failed: line 3/],
    ["export default function* () { yield 5; yield 6; }", /yielded 5/],
    ["export default function* () { yield { input: {}, output: {} }; }", /input\.text is missing/],
    ["import './x.ts'; export default () => [];", /imports another file/],
    ["export default function ( {", /failed/],
  ])("%s is refused", async (body, wanted) => {
    expect((await catchError(read("", { reader: module(body) }))).message).toMatch(wanted);
  });
});
