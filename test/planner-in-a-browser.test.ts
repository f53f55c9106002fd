import { readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");

/** All source files that a file's value imports reach, with what they import from outside. */
function reach(entry: string): ReadonlyMap<string, readonly string[]> {
  const outside = new Map<string, readonly string[]>();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (outside.has(path)) continue;
    const text = readFileSync(path, "utf8").replaceAll(/^import type [^;]*;/gm, "");
    const targets = [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(
      (match) => match[1] ?? "",
    );
    outside.set(
      path,
      targets.filter((target) => !target.startsWith(".")),
    );
    waiting.push(
      ...targets
        .filter((target) => target.startsWith("."))
        .map((target) => resolve(dirname(path), target)),
    );
  }
  return outside;
}

test("the planner needs nothing of Node, so that it runs in a browser", () => {
  const parts = ["", "money/", "search/", "strategy/"];
  const reached = parts.flatMap((part) => [...reach(resolve(root, `src/planner/${part}index.ts`))]);
  const files = new Map(reached);
  const foreign = [...files].flatMap(([path, targets]) =>
    targets
      .filter((target) => target !== "zod")
      .map((target) => `${relative(root, path)} imports ${target}`),
  );
  expect(foreign).toEqual([]);
  expect(files.size).toBeGreaterThan(40);
});
