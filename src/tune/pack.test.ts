import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseRowLength, fedTokens, packRows } from "./pack.ts";
import { planSteps } from "./plan-steps.ts";
import type { TuneExample } from "./tune-request.ts";

const examplesArbitrary = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 8 })), {
    minLength: 1,
    maxLength: 80,
  })
  .map((sizes) =>
    sizes.map(([prompt, answer], index): TuneExample => ({
      id: `${index}`,
      prompt: Array.from({ length: prompt }, () => 1),
      answer: Array.from({ length: answer }, () => 2),
    })),
  );

test("packing keeps every example once and no row overflows", () => {
  fc.assert(
    fc.property(examplesArbitrary, (examples) => {
      const length = chooseRowLength(examples);
      const rows = packRows(examples, length);
      const ids = rows.flat().map(({ id }) => Number(id));
      expect(ids.toSorted((a, b) => a - b)).toEqual(examples.map((_, index) => index));
      for (const row of rows) {
        expect(row.reduce((sum, example) => sum + fedTokens(example), 0)).toBeLessThanOrEqual(
          length,
        );
      }
    }),
  );
});

test("short records fill their rows to 95 % and more", () => {
  const examples = Array.from({ length: 500 }, (_, i): TuneExample => ({
    id: `${i}`,
    prompt: Array.from({ length: 5 + ((i * 7) % 13) }, () => 1),
    answer: [2, 3],
  }));
  const rows = packRows(examples, 64);
  const used = examples.reduce((sum, example) => sum + fedTokens(example), 0);
  expect(used / (rows.length * 64)).toBeGreaterThan(0.95);
});

test("an epoch's steps hold every example once, and runs stay small", () => {
  fc.assert(
    fc.property(examplesArbitrary, fc.integer({ min: 64, max: 4096 }), (examples, batchTokens) => {
      const steps = planSteps(examples, { epochs: 2, batchTokens }, chooseRowLength(examples), 3);
      for (const epoch of [0, 1]) {
        const mine = steps.filter((step) => step.epoch === epoch);
        expect(mine.flatMap(({ runs }) => runs.flat(2))).toHaveLength(examples.length);
        expect(mine.map(({ lastOfEpoch }) => lastOfEpoch).lastIndexOf(true)).toBe(mine.length - 1);
      }
    }),
  );
});

test("half an epoch takes half the steps", () => {
  const examples = Array.from({ length: 100 }, (_, i) => ({
    id: `${i}`,
    prompt: [1, 2, 3],
    answer: [4],
  }));
  const settings = { epochs: 1, batchTokens: 64 };
  const whole = planSteps(examples, settings, 64, 1).length;
  expect(planSteps(examples, { ...settings, epochs: 1.5 }, 64, 1)).toHaveLength(
    whole + Math.round(whole / 2),
  );
});
