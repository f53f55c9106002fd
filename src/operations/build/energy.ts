import { readFileSync } from "node:fs";

const counter = "/sys/class/powercap/intel-rapl:0/energy_uj";
const range = "/sys/class/powercap/intel-rapl:0/max_energy_range_uj";

/** Joules of the processor package so far, from Linux's powercap interface; undefined where there is none. */
export function readJoules(): number | undefined {
  return readMicrojoules(counter);
}

/** Joules between two readings; the counter wraps at a range the kernel tells. */
export function joulesBetween(
  before: number | undefined,
  after: number | undefined,
): number | undefined {
  if (before === undefined || after === undefined) return undefined;
  return after >= before ? after - before : after - before + (readMicrojoules(range) ?? 0);
}

function readMicrojoules(path: string): number | undefined {
  try {
    const microjoules = Number(readFileSync(path, "utf8"));
    return Number.isFinite(microjoules) ? microjoules / 1e6 : undefined;
  } catch {
    return undefined;
  }
}
