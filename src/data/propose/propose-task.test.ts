import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { Json, JsonObject } from "../../kernel/index.ts";
import type { Task } from "../../schema/index.ts";
import { parseTask } from "../task-file.ts";
import { readRecords } from "../read-records.ts";
import { proposeTask, type ProposalOptions } from "./propose-task.ts";
import { yamlComment, yamlText } from "./write-yaml.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const many = (count: number, row: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => row(at)).join("\n");

interface Proposed {
  readonly task: Task;
  readonly notes: string;
  readonly outputs: readonly JsonObject[];
}

/** What init writes must pass what check does. */
async function propose(path: string, text: string, options?: ProposalOptions): Promise<Proposed> {
  const { yaml, notes } = await proposeTask(path, encode(text), options);
  const task = await parseTask(yaml, "task.yaml");
  const [source] = task.data;
  if (source === undefined) throw new Error("no source");
  const { records } = await readRecords(source, encode(text), task, ".");
  return { task, notes: notes.join("\n"), outputs: records.map(({ output }) => output) };
}

describe("columns", () => {
  test("a label by its name; ids and columns that tell the answer are left out", async () => {
    const { task, notes } = await propose(
      "Support Tickets.csv",
      `id,text,code,category\n${many(30, (at) => `${at},message ${at},C${at % 3},${["pay", "ship", "send back"][at % 3] ?? ""}`)}`,
    );
    expect(task.name).toBe("support-tickets");
    expect(Object.keys(task.input.properties)).toEqual(["text"]);
    expect(task.output.properties).toEqual({ category: { enum: ["pay", "send back", "ship"] } });
    expect(notes).toMatch(/"id" is left out: it numbers the rows/);
    expect(notes).toMatch(/"code" is left out: each of its values stands for one "category"/);
  });

  test("a Chinese table is mapped to English names", async () => {
    const labels = ["\u8d26\u5355", "\u7269\u6d41"];
    const { task, outputs } = await propose(
      "\u5de5\u5355.csv",
      `\ufeff\u7f16\u53f7,\u5185\u5bb9,\u7c7b\u522b\n${many(12, (at) => `${at},\u7b2c${at}\u53f7\uff0c\u8bf7\u5904\u7406,${labels[at % 2] ?? ""}`)}`,
    );
    expect(task.data[0]).toMatchObject({
      input: { content: "\u5185\u5bb9" },
      output: { category: "\u7c7b\u522b" },
    });
    expect(outputs[0]).toEqual({ category: labels[0] });
  });

  test("pieces of another column are copied from it; empty cells make it optional", async () => {
    const { task } = await propose(
      "a.jsonl",
      many(40, (at) =>
        JSON.stringify({
          line: `Send ${at} boxes to Town${at}`,
          town: `Town${at}`,
          boxes: at,
          ...(at % 2 === 0 ? { verb: "Send" } : {}),
        }),
      ),
    );
    expect(Object.keys(task.input.properties)).toEqual(["line"]);
    expect(task.output).toMatchObject({
      required: ["town", "boxes"],
      properties: {
        town: { type: "string", source: "input" },
        boxes: { type: "integer", minimum: 0, maximum: 40 },
        verb: { enum: ["Send"] },
      },
    });
  });

  test("records that are pairs already need no mapping", async () => {
    const row = (at: number): string =>
      JSON.stringify({
        input: { q: `n ${at}` },
        output: { sum: at / 4, odd: at % 2 === 1, tags: ["x"] },
      });
    const { task } = await propose("p.jsonl", many(20, row));
    expect(task.data[0]?.input).toBeUndefined();
    expect(task.output.properties).toEqual({
      sum: { type: "number", minimum: 0, maximum: 5, decimals: 2 },
      odd: { type: "boolean" },
      tags: { type: "array", maxItems: 5, items: { enum: ["x"] } },
    });
  });

  test("what is told overrides what is guessed", async () => {
    const text = `a,b,label\n${many(9, (at) => `x${at},y${at % 2},z${at % 3}`)}`;
    const { task } = await propose("t.csv", text, { input: ["a"], output: ["b"], name: "mine" });
    expect([
      Object.keys(task.input.properties),
      Object.keys(task.output.properties),
      task.name,
    ]).toEqual([["a"], ["b"], "mine"]);
    await expect(propose("t.csv", text, { input: ["aa"] })).rejects.toMatchObject({
      code: "usage-invalid",
      hint: 'Did you mean "a"?',
    });
  });

  test("texts of one shape get it as a comment; contradictions are told", async () => {
    const rows = many(12, (at) => `${at} May,2024-05-${10 + at}`);
    const { yaml, notes } = await proposeTask(
      "d.csv",
      encode(`raw,iso\n${rows}\n1 May,2024-05-30\n`),
    );
    expect(yaml).toContain('# pattern: "[0-9]{4}-[0-9]{2}-[0-9]{2}"');
    expect(notes.join("\n")).toMatch(/1 rows? ask what another row asks/);
  });

  test("columns that say nothing and a missing header are told", async () => {
    const rows = many(12, (at) => `same,q ${at},${["a", "b"][at % 2] ?? ""}`);
    const { task, notes } = await propose("c.csv", `ask,q,label\n${rows}`);
    expect(Object.keys(task.input.properties)).toEqual(["q"]);
    expect(notes).toMatch(/"ask" is left out: it is the same in every row/);
    const bare = await proposeTask(
      "b.csv",
      encode(many(12, (at) => `q ${at},${["a", "b"][at % 2] ?? ""}`)),
    );
    expect(bare.notes.join("\n")).toMatch(/"a" looks like a value/);
  });

  test("a nested column cannot be asked for", async () => {
    const row = (at: number): string => JSON.stringify({ q: `q${at}`, a: { b: at } });
    await expect(propose("n.jsonl", many(9, row), { output: ["a"] })).rejects.toThrow(/nested/);
  });

  test.each([
    ["empty.csv", "", /header/],
    ["one.csv", "text\na\nb", /no input column/],
    ["chat.jsonl", '{"messages":[{"role":"user"}]}', /no output column|no input column/],
    ["lines.txt", "\u0000", /NUL/],
  ])("%s is refused", async (name, text, wanted) => {
    await expect(proposeTask(name, encode(text))).rejects.toThrow(wanted);
  });
});

test("any text survives as a YAML scalar, and no comment breaks out", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(parse(`key: ${yamlText(text)}\nlist:\n  - ${yamlText(text)}\n`)).toEqual({
        key: text,
        list: [text],
      });
      expect(parse(`${yamlComment(text)}\nkey: 1`)).toEqual({ key: 1 });
    }),
    { numRuns: 500 },
  );
});

test("whatever table it is given, init writes a task that reads it", async () => {
  const cell: fc.Arbitrary<Json> = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 8 }).map((text) => text.replaceAll("\0", "")),
    fc.integer({ min: -1000, max: 1000 }),
    fc.constantFrom("red", "green", "no", "null", "007", "1.50", "[a]", "- x", "a: b", "#"),
    fc.boolean(),
  );
  const table = fc.array(
    fc.record({ text: cell, "b c": cell, answer: cell }, { requiredKeys: ["answer"] }),
    { minLength: 12, maxLength: 24 },
  );
  await fc.assert(
    fc.asyncProperty(table, async (rows) => {
      // One answer for all is nothing to learn: `check` refuses that, and rightly.
      fc.pre(new Set(rows.map(({ answer }) => JSON.stringify(answer))).size > 1);
      // Each row asks something else, and nothing blank: those are errors of the data, not of init.
      const lines = rows.map((row, at) => JSON.stringify({ ask: `q${at}`, ...row }));
      const { outputs } = await propose("t.jsonl", lines.join("\n"), { output: ["answer"] });
      expect(outputs.length).toBe(rows.length);
    }),
    { numRuns: 150 },
  );
});
