import fc from "fast-check";
import { expect, test } from "vitest";
import { quantizeColumns, transpose } from "./quantize-columns.ts";

test("no value moves by more than half a step of its column", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.array(fc.integer({ min: -9999, max: 9999 }), { minLength: 8, maxLength: 64 }),
      (columns, given) => {
        const rows = Math.floor(given.length / columns);
        const values = Float32Array.from(given.slice(0, rows * columns));
        const { bytes, scales } = quantizeColumns(values, rows, columns);
        for (let i = 0; i < values.length; i++) {
          const scale = scales[i % columns] ?? 0;
          const error = Math.abs((bytes[i] ?? 0) * scale - (values[i] ?? 0));
          expect(error).toBeLessThanOrEqual(scale * 0.5001);
        }
      },
    ),
  );
});

test("a column of zeros stays zero, under a scale that can be divided by", () => {
  const { bytes, scales } = quantizeColumns(Float32Array.of(0, 2, 0, -1), 2, 2);
  expect([...bytes]).toEqual([0, 127, 0, -64]);
  expect(scales[0]).toBe(1);
});

test("turning twice gives the same matrix", () => {
  const values = Float32Array.of(1, 2, 3, 4, 5, 6);
  expect([...transpose(values, 2, 3)]).toEqual([1, 4, 2, 5, 3, 6]);
  expect(transpose(transpose(values, 2, 3), 3, 2)).toEqual(values);
});
