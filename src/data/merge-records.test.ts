import fc from "fast-check";
import { expect, test } from "vitest";
import { digestOf } from "../kernel/index.ts";
import type { TaskRecord } from "../schema/index.ts";
import { joinRecords, mergeRecords } from "./merge-records.ts";

function recordOf(text: string, label: string, place = "p"): TaskRecord {
  const [input, output] = [{ text }, { label }];
  return { id: digestOf({ input, output }), input, output, group: text, place };
}

test("merging twice changes nothing, and every record is accounted for", () => {
  const records = fc.array(fc.nat(500).map((n) => recordOf(`t${n}`, `l${n % 3}`)));
  fc.assert(
    fc.property(records, (all) => {
      const once = mergeRecords(all);
      expect(mergeRecords(once.records)).toEqual({ ...once, duplicates: 0 });
      expect(once.records.length + once.duplicates).toBe(all.length);
    }),
  );
});

test("sources that contradict one another are found when they are joined", () => {
  const one = [recordOf("a", "x", "one:1")];
  const two = [recordOf("a", "y", "two:1")];
  expect(() => joinRecords([one, two])).toThrow(/one:1 has the output.*two:1/);
});

test("capitals and signs make another input, not a contradiction", () => {
  const { records } = mergeRecords([recordOf("US", "country"), recordOf("us", "pronoun")]);
  expect(records).toHaveLength(2);
});
