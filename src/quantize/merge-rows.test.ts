import fc from "fast-check";
import { expect, test } from "vitest";
import { mergeRows } from "./merge-rows.ts";

const finite = fc.float({ min: -4, max: 4, noNaN: true });
const floats = (length: number) =>
  fc.array(finite, { minLength: length, maxLength: length }).map((v) => Float32Array.from(v));

/** A matrix, a pair for it, and a row to cut it at. */
const cases = fc
  .tuple(
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 1, max: 3 }),
  )
  .chain(([out, columns, rank]) =>
    fc.record({
      w: floats(out * columns),
      pair: fc.record({
        target: fc.constant("w"),
        out: fc.constant(out),
        in: fc.constant(columns),
        a: floats(rank * columns),
        b: floats(out * rank),
      }),
      cut: fc.integer({ min: 0, max: out }),
      scale: finite,
    }),
  );

test("merged rows are W + scale B A", () => {
  fc.assert(
    fc.property(cases, ({ w, pair, scale }) => {
      const merged = w.slice();
      mergeRows(merged, pair, scale, 0);
      const rank = pair.a.length / pair.in;
      merged.forEach((value, at) => {
        const [row, column] = [Math.floor(at / pair.in), at % pair.in];
        let expected = w[at] ?? 0;
        for (let r = 0; r < rank; r++) {
          expected += scale * (pair.b[row * rank + r] ?? 0) * (pair.a[r * pair.in + column] ?? 0);
        }
        expect(value).toBeCloseTo(expected, 4);
      });
    }),
  );
});

test("how the rows are cut does not change a bit", () => {
  fc.assert(
    fc.property(cases, ({ w, pair, scale, cut }) => {
      const whole = w.slice();
      mergeRows(whole, pair, scale, 0);
      const upper = w.slice(0, cut * pair.in);
      const lower = w.slice(cut * pair.in);
      mergeRows(upper, pair, scale, 0);
      mergeRows(lower, pair, scale, cut);
      expect([...upper, ...lower]).toEqual([...whole]);
    }),
  );
});

test("an adapter whose B is zero changes nothing", () => {
  const w = Float32Array.of(0.1, -0.2, 3e-40, 4);
  const merged = w.slice();
  const pair = { target: "w", out: 2, in: 2, a: Float32Array.of(1, 2), b: new Float32Array(2) };
  mergeRows(merged, pair, 2, 0);
  expect(merged).toEqual(w);
});
