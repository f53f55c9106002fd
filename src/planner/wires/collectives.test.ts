import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  allReduce,
  allToAll,
  hierarchicalAllGather,
  ringAllGather,
  ringAllReduce,
  ringReduceScatter,
  treeAllReduce,
} from "./collectives.ts";
import { pathOf, type Fabric, type Path } from "./fabric.ts";

const path: Path = { bandwidth: 10e9, latency: 5e-6, crosses: false };

/** Plays a ring: in each step every member passes on the chunk that it got last; ends when all have all. */
function playRing(bytes: number, members: number): number {
  const has = Array.from({ length: members }, (_, member) => new Set([member]));
  let passed = Array.from({ length: members }, (_, member) => member);
  let seconds = 0;
  while (has.some((chunks) => chunks.size < members)) {
    passed = passed.map((_, member) => passed[(member + members - 1) % members] ?? 0);
    passed.forEach((chunk, member) => has[member]?.add(chunk));
    seconds += path.latency + bytes / members / path.bandwidth;
  }
  return seconds;
}

/** Plays an all-to-all as messages that share each member's port one after the other, posted together. */
function playAllToAll(bytes: number, members: number): number {
  let port = 0;
  for (let other = 1; other < members; other++) port += bytes / members / path.bandwidth;
  return members > 1 ? path.latency + port : 0;
}

const sizes = fc.double({ min: 1, max: 1e9, noNaN: true });
const groups = fc.integer({ min: 1, max: 64 });

describe("collectives", () => {
  test("a ring takes as long as when played step by step", () => {
    fc.assert(
      fc.property(sizes, groups, (bytes, members) => {
        expect(ringAllGather(bytes, members, path)).toBeCloseTo(playRing(bytes, members), 9);
      }),
    );
  });

  test("an all-to-all takes as long as its messages through one port", () => {
    fc.assert(
      fc.property(sizes, groups, (bytes, members) => {
        expect(allToAll(bytes, members, path)).toBeCloseTo(playAllToAll(bytes, members), 9);
      }),
    );
  });

  test("a large all-reduce moves 2 (n - 1) / n of its bytes (Patarasuk and Yuan 2009)", () => {
    const bytes = 1e12;
    expect(ringAllReduce(bytes, 8, path) * path.bandwidth).toBeCloseTo((2 * 7 * bytes) / 8, -7);
    expect(ringAllReduce(bytes, 8, path)).toBe(
      ringReduceScatter(bytes, 8, path) + ringAllGather(bytes, 8, path),
    );
  });

  test("small messages go along a tree, large ones round a ring", () => {
    expect(allReduce(8, 512, path)).toBe(treeAllReduce(8, 512, path));
    expect(allReduce(1e9, 8, path)).toBe(ringAllReduce(1e9, 8, path));
  });

  test("two levels beat one ring over the slow links when nodes hold many", () => {
    const slow: Path = { bandwidth: 1e9, latency: 1e-5, crosses: true };
    const flat = ringAllGather(1e9, 64, slow);
    expect(hierarchicalAllGather(1e9, { inside: 8, nodes: 8 }, path, slow)).toBeLessThan(flat);
  });

  test("more bandwidth is never slower", () => {
    fc.assert(
      fc.property(
        sizes,
        groups,
        fc.double({ min: 1, max: 100, noNaN: true }),
        (bytes, members, factor) => {
          const wider = { ...path, bandwidth: path.bandwidth * factor };
          for (const collective of [allReduce, allToAll, ringAllGather]) {
            expect(collective(bytes, members, wider)).toBeLessThanOrEqual(
              collective(bytes, members, path),
            );
          }
        },
      ),
    );
  });
});

describe("paths", () => {
  const wire = { name: "w", bandwidth: 100e9, latency: 1e-6, efficiency: 1 };
  const fabric: Fabric = { domain: 8, up: wire, out: { ...wire, bandwidth: 10e9, latency: 1e-5 } };

  test("a group inside a node uses its links", () => {
    expect(pathOf(fabric, 8, 1)).toEqual({ bandwidth: 100e9, latency: 1e-6, crosses: false });
  });

  test("a ring that leaves the node has the ports of its members there", () => {
    expect(pathOf(fabric, 64, 1).bandwidth).toBe(80e9);
    expect(pathOf(fabric, 64, 4).bandwidth).toBe(20e9);
    expect(pathOf(fabric, 2, 8).bandwidth).toBe(10e9);
  });
});
