import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { joulesBetween, readEnergy } from "./energy.ts";

let root = "";
beforeEach(() => (root = mkdtempSync(join(tmpdir(), "sampan-energy-"))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(zone: string, name: string, microjoules: number | string): void {
  const folder = join(root, zone);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "name"), `${name}\n`);
  writeFileSync(join(folder, "energy_uj"), `${microjoules}\n`);
  writeFileSync(join(folder, "max_energy_range_uj"), "1000000000\n");
}

test("energy is that of all packages, each counted once and around its end", () => {
  write("intel-rapl:0", "package-0", 5e6);
  write("intel-rapl:0:0", "core", 4e6);
  write("intel-rapl:1", "package-1", 999e6);
  write("intel-rapl:2", "psys", 77e6);
  const before = readEnergy(root);
  expect(before?.map(({ joules }) => joules)).toEqual([5, 999]);
  write("intel-rapl:0", "package-0", 7e6);
  write("intel-rapl:1", "package-1", 3e6);
  expect(joulesBetween(before, readEnergy(root))).toBeCloseTo(2 + 4, 9);
});

test("what cannot be read was not measured", () => {
  expect(readEnergy(join(root, "nowhere"))).toBeUndefined();
  expect(readEnergy(root)).toBeUndefined();
  write("intel-rapl:0", "package-0", "secret");
  expect(readEnergy(root)).toBeUndefined();
  expect(joulesBetween(undefined, [])).toBeUndefined();
});
