import { expect, test } from "vitest";
import { ThreadChoice } from "./thread-choice.ts";

/** Thread counts used for so many evaluations on a machine where n threads take this long. */
function use(choice: ThreadChoice, evaluations: number, took: (threads: number) => number) {
  return Array.from({ length: evaluations }, () => {
    const { threads } = choice;
    choice.learn(10, took(threads));
    return threads;
  });
}

test("a quiet machine ends with all threads, a busy one with one", () => {
  const quiet = use(new ThreadChoice(2), 200, (threads) => 100 / threads);
  expect(quiet.filter((threads) => threads === 1).length).toBeLessThan(10);
  const busy = use(new ThreadChoice(2), 200, (threads) => (threads === 1 ? 100 : 2000));
  expect(busy[0]).toBe(1);
  expect(busy.filter((threads) => threads === 2).length).toBeLessThan(10);
});

test("a change is noticed", () => {
  const choice = new ThreadChoice(4);
  use(choice, 100, (threads) => (threads === 1 ? 10 : 300));
  const after = use(choice, 400, (threads) => 10 / threads);
  expect(after.slice(-50).filter((threads) => threads === 4).length).toBeGreaterThan(45);
});

test("one thread stays one", () => {
  expect(new Set(use(new ThreadChoice(1), 50, () => 5))).toEqual(new Set([1]));
});
