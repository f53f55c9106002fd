import fc from "fast-check";
import { expect, test } from "vitest";
import { many, none, type Leaf } from "./leaf.ts";
import { numberLeaf } from "./number-leaf.ts";

/** Every text the leaf can end with, and the check that no walk gets stuck. */
function everyText(leaf: Leaf): string[] {
  const found: string[] = [];
  const pending = leaf.start === undefined ? [] : [{ state: leaf.start, text: "" }];
  for (let place = pending.pop(); place; place = pending.pop()) {
    const { state, text } = place;
    if (leaf.done(state)) found.push(text);
    const next = Array.from("-.0123456789").flatMap((character) => {
      const after = leaf.step(state, character.charCodeAt(0));
      return after === undefined ? [] : [{ state: after, text: text + character }];
    });
    expect(next.length > 0 || leaf.done(state)).toBe(true);
    const only = next[0]?.text.charCodeAt(text.length) ?? none;
    expect(leaf.only(state)).toBe(next.length > 1 ? many : only);
    pending.push(...next);
  }
  return found.sort();
}

test("a number says exactly the decimals of its range", () => {
  const property = fc.property(
    fc.integer({ min: -1_300, max: 1_300 }),
    fc.integer({ min: -5, max: 600 }),
    fc.integer({ min: 0, max: 2 }),
    fc.integer({ min: 0, max: 2 }),
    (first, count, decimals, finer) => {
      // Bounds may have more digits than the numbers between them.
      const scale = 10 ** (decimals + finer);
      const [minimum, maximum] = [first / scale, (first + count) / scale];
      const unit = 10 ** decimals;
      const expected: string[] = [];
      for (let n = Math.ceil(minimum * unit) - 1; n <= maximum * unit + 1; n++) {
        const value = n / unit;
        if (value >= minimum && value <= maximum) expected.push(`${value === 0 ? 0 : value}`);
      }
      expect(everyText(numberLeaf({ minimum, maximum, decimals }))).toEqual(expected.sort());
    },
  );
  fc.assert(property, { numRuns: 150 });
});

test("large bounds and exponents are read exactly", () => {
  const leaf = numberLeaf({ minimum: 1e-7, maximum: 3e-7, decimals: 7 });
  expect(everyText(leaf)).toEqual(["0.0000001", "0.0000002", "0.0000003"]);
  const big = numberLeaf({ minimum: 1e21, maximum: 1e21, decimals: 0 });
  expect(everyText(big)).toEqual([`1${"0".repeat(21)}`]);
});
