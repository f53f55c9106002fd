import fc from "fast-check";
import { expect, test } from "vitest";
import { mergeColumns, packRows } from "./sparse.ts";

const matrices = fc.array(
  fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 8, maxLength: 8 }),
  {
    minLength: 1,
    maxLength: 6,
  },
);
const asRows = (matrix: readonly (readonly number[])[]) =>
  matrix.map((line) => new Map(line.entries().filter(([, value]) => value !== 0)));

test("columns are merged exactly when they are equal", () => {
  fc.assert(
    fc.property(matrices, (matrix) => {
      const { groupOf, sizes } = mergeColumns(asRows(matrix), 8);
      const columns = Array.from({ length: 8 }, (_, c) => matrix.map((line) => line[c]).join());
      for (let a = 0; a < 8; a++) {
        for (let b = 0; b < 8; b++) {
          expect(groupOf[a] === groupOf[b]).toBe(columns[a] === columns[b]);
        }
      }
      expect(sizes.reduce((total, size) => total + size, 0)).toBe(8);
      expect(sizes.length).toBe(new Set(columns).size);
    }),
  );
});

test("rows are packed in column order", () => {
  const rows = packRows(
    [
      new Map([
        [2, 5],
        [0, 4],
      ]),
      new Map(),
      new Map([[1, 6]]),
    ],
    3,
  );
  expect([...rows.starts]).toEqual([0, 2, 2, 3]);
  expect([...rows.indices]).toEqual([0, 2, 1]);
  expect([...rows.values]).toEqual([4, 5, 6]);
});
