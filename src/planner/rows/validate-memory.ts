import type { PublishedRun } from "../../schema/index.ts";
import { rankMemory } from "../memory/rank-memory.ts";
import type { TrainingCase } from "./row-case.ts";

/** Memory of the fullest rank that a row measured, and what the laws give; bytes. */
export interface MemoryVerdict {
  readonly row: PublishedRun;
  readonly measured: number;
  readonly predicted: number;
}

/** Names that rows give allocated memory by; what the allocator handed out, without the process's own context. */
const figures = [["allocated_memory_gib", 2 ** 30] as const, ["allocated_memory_gb", 1e9] as const];

/** Holds memory against every row that measured it. No constant of it is fitted by a program. */
export function judgeMemory(cases: readonly TrainingCase[]): readonly MemoryVerdict[] {
  return cases.flatMap(({ row, setup }) => {
    for (const [name, unit] of figures) {
      const value = row.measured[name];
      if (typeof value !== "number" || value <= 0) continue;
      const memory = rankMemory(setup.model, setup.plan);
      return [{ row, measured: value * unit, predicted: memory.total - memory.buffers }];
    }
    return [];
  });
}
