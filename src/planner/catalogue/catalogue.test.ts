import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findEntry, requireEntry } from "./find-entry.ts";
import { parseAccelerators, parseLinks } from "./parse-catalogue.ts";

const folder = join(import.meta.dirname, "../../../catalogue");
const accelerators = readdirSync(join(folder, "accelerators")).flatMap((file) =>
  parseAccelerators(readFileSync(join(folder, "accelerators", file), "utf8"), file),
);
const links = parseLinks(readFileSync(join(folder, "links.json"), "utf8"), "links.json");

describe("catalogue", () => {
  test("quantities are in SI units with their source", () => {
    const a100 = requireEntry(accelerators, "a100 80gb", "accelerator");
    expect(a100.memory.value).toBe(80 * 2 ** 30);
    expect(a100.memoryBandwidth).toMatchObject({ value: 2.039e12, unit: "B/s" });
    expect(a100.memoryBandwidth.source).toMatch(/data sheet/);
    expect(a100.launch.date).toBe("2022-06");
  });

  test("every scale-up link is a link of the catalogue", () => {
    const ids = new Set(links.map(({ id }) => id));
    expect(
      accelerators.filter(({ scaleUp }) => scaleUp !== null && !ids.has(scaleUp.link)),
    ).toEqual([]);
  });

  test("an unknown name gets the nearest", () => {
    expect(findEntry(accelerators, "nonesuch")).toBeUndefined();
    expect(() => requireEntry(accelerators, "h1000", "accelerator")).toThrow(/no accelerator/);
  });
});
