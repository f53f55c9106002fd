import { expect, test } from "vitest";
import type { SampanEvent } from "../../kernel/index.ts";
import type { ModelShape } from "../../schema/index.ts";
import { checkMemory } from "./check-memory.ts";
import type { RoadRun } from "./road-run.ts";

const shape: ModelShape = {
  width: 4096,
  layers: 32,
  feedForward: 11_008,
  heads: 32,
  kvHeads: 32,
  headWidth: 128,
};

function ask(available: number, budgetGB: number): SampanEvent[] {
  const events: SampanEvent[] = [];
  const context = { emit: (event: SampanEvent) => void events.push(event) };
  checkMemory({ context } as unknown as Pick<RoadRun, "context">, shape, budgetGB, available);
  return events;
}

test("a base that memory cannot hold stops the build before any work, with the remedy", () => {
  expect(() => ask(24e9, 6)).toThrow(/takes about 33.4 GB, and 24.0 GB are free/);
});

test("more than the task's budget is a warning", () => {
  expect(ask(64e9, 6)).toMatchObject([{ kind: "warning" }]);
  expect(ask(64e9, 40)).toEqual([]);
});
