import fc from "fast-check";
import { expect, test } from "vitest";
import { digestOf, SampanError } from "../kernel/index.ts";
import type { SplitRecords, TaskRecord } from "../schema/index.ts";
import { splitRecords } from "./split-records.ts";

function recordOf(text: string, group = text): TaskRecord {
  const [input, output] = [{ text }, { label: "a" }];
  return { id: digestOf({ input, output }), input, output, group, place: `test:${text}` };
}

/** Twenty records more than the arbitrary ones, so that no split is empty. */
const padding = Array.from({ length: 60 }, (_, at) => recordOf(`padding ${at}`));
const records = fc
  .uniqueArray(fc.nat(10_000), { minLength: 1, maxLength: 60 })
  .map((numbers) => [...padding, ...numbers.map((n) => recordOf(`number ${n}`))]);
const splits = { test: 0.3, validation: 0.3, seed: 1 };

function namesOf(result: SplitRecords): Map<string, string> {
  return new Map(
    Object.entries(result).flatMap(([split, members]: [string, readonly TaskRecord[]]) =>
      members.map((record): [string, string] => [record.id, split]),
    ),
  );
}

test("a split is a partition, sorted by id", () => {
  fc.assert(
    fc.property(records, (all) => {
      const result = splitRecords(all, splits);
      const ids = Object.values(result).flatMap((members: readonly TaskRecord[]) =>
        members.map(({ id }) => id),
      );
      expect(ids.toSorted()).toEqual(all.map(({ id }) => id).toSorted());
      for (const members of Object.values(result) as (readonly TaskRecord[])[]) {
        expect(members.map(({ id }) => id)).toEqual(members.map(({ id }) => id).toSorted());
      }
    }),
  );
});

test("order does not matter, and later records move no earlier one", () => {
  fc.assert(
    fc.property(records, fc.nat(10), (all, extra) => {
      const before = namesOf(splitRecords(all, splits));
      const more = Array.from({ length: extra }, (_, at) => recordOf(`later ${at}`));
      const after = namesOf(splitRecords([...more, ...all.toReversed()], splits));
      for (const [id, split] of before) expect(after.get(id)).toBe(split);
    }),
  );
});

test("groups stay whole, and inputs that say the same are one group", () => {
  const result = splitRecords(
    [
      ...padding,
      ...["Main St.", "main st", "MAIN  ST", "main-st"].map((text) => recordOf(text)),
      ...["12 Oak", "14 Oak", "16 Oak"].map((text) => recordOf(text, "oak")),
      recordOf("main st!", "oak"),
    ],
    splits,
  );
  const found = namesOf(result);
  const together = Object.values(result)
    .flat()
    .filter(({ place }) => !/padding/.test(place));
  expect(new Set(together.map(({ id }) => found.get(id))).size).toBe(1);
});

test("numbers give that many records", () => {
  const result = splitRecords(padding, { test: 11, validation: 7, seed: 3 });
  expect([result.test.length, result.validation.length, result.train.length]).toEqual([11, 7, 42]);
});

test("an empty split is an error with the way out", () => {
  expect(() => splitRecords(padding.slice(0, 10), { test: 8, validation: 9, seed: 1 })).toThrow(
    /(train|validation) split is empty/,
  );
});

test("too few groups are named as the cause", () => {
  const grouped = padding.map((record) => ({ ...record, group: "one" }));
  try {
    splitRecords(grouped, splits);
    throw new Error("nothing was thrown");
  } catch (error) {
    expect(SampanError.isInstance(error) && [error.message, error.hint]).toEqual([
      expect.stringMatching(/60 records in 1 groups/),
      expect.stringMatching(/group by a finer column/),
    ]);
  }
});
