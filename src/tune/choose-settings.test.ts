import { expect, test } from "vitest";
import { readTuneFixture } from "../../test/tune-fixture.ts";
import { chooseTuneSettings, estimateTuneSeconds } from "./choose-settings.ts";

const { config } = readTuneFixture("llama").weights;
const records = (count: number, size: number) =>
  Array.from({ length: count }, () => ({
    prompt: Array.from({ length: size - 3 }, () => 1),
    answer: [1, 2, 3],
  }));

test("every setting has a value and a reason", () => {
  const { settings, reasons } = chooseTuneSettings({
    config,
    train: records(1585, 13),
    settings: {},
  });
  expect(Object.keys(reasons).toSorted()).toEqual(Object.keys(settings).toSorted());
  expect(settings.alpha).toBe(2 * settings.rank);
});

test("few records are looked at more often than many", () => {
  const epochs = (count: number) =>
    chooseTuneSettings({ config, train: records(count, 13), settings: {} }).settings.epochs;
  expect(epochs(100)).toBeGreaterThan(epochs(1000));
  expect(epochs(1000)).toBeGreaterThanOrEqual(epochs(100_000));
  expect(epochs(100_000)).toBeGreaterThanOrEqual(1);
});

test("the reason for the size of a step counts its records", () => {
  const reason = (size: number) =>
    chooseTuneSettings({ config, train: records(100, size), settings: {} }).reasons["batchTokens"];
  expect(reason(13)).toMatch(/about 25 records of 13 tokens/);
  expect(reason(300)).toMatch(/^1024: about 3 records of 300 tokens/);
});

test("what the task sets is kept, and said", () => {
  const { settings, reasons } = chooseTuneSettings({
    config,
    train: records(100, 13),
    settings: { rank: 4, epochs: 0.5, records: 40 },
  });
  expect(settings).toMatchObject({ rank: 4, alpha: 8, epochs: 0.5, records: 40 });
  expect(reasons["epochs"]).toBe("set by the task");
});

test("the time grows with records and epochs", () => {
  const seconds = (count: number, epochs: number) =>
    estimateTuneSeconds({
      config,
      train: records(count, 13),
      validation: [],
      settings: { epochs },
    });
  expect(seconds(2000, 3)).toBeGreaterThan(seconds(1000, 3));
  expect(seconds(2000, 3)).toBeGreaterThan(seconds(2000, 1));
});
