import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A processor package's energy counter, in joules, and where it wraps. */
export interface EnergyCounter {
  readonly joules: number;
  readonly range: number;
}

/**
 * The counters of all processor packages, from Linux's powercap interface (AMD's are there too); undefined
 * where there is none, or where they may not be read.
 */
export function readEnergy(root = "/sys/class/powercap"): readonly EnergyCounter[] | undefined {
  try {
    // Below a package lie its parts (`intel-rapl:0:1`), and `psys` spans everything: both would count twice.
    const packages = readdirSync(root)
      .filter((name) => /^intel-rapl:\d+$/.test(name))
      .sort()
      .filter((name) => readText(join(root, name, "name")).startsWith("package"));
    const counters = packages.map((name) => ({
      joules: Number(readText(join(root, name, "energy_uj"))) / 1e6,
      range: Number(readText(join(root, name, "max_energy_range_uj"))) / 1e6,
    }));
    const known = counters.every(({ joules, range }) => Number.isFinite(joules + range));
    return counters.length > 0 && known ? counters : undefined;
  } catch {
    return undefined;
  }
}

/** Joules of all packages between two readings; a counter that wrapped is taken once around its range. */
export function joulesBetween(
  before: readonly EnergyCounter[] | undefined,
  after: readonly EnergyCounter[] | undefined,
): number | undefined {
  if (before === undefined || before.length !== after?.length) return undefined;
  return after.reduce((total, { joules, range }, i) => {
    const spent = joules - (before[i]?.joules ?? 0);
    return total + (spent < 0 ? spent + range : spent);
  }, 0);
}

function readText(path: string): string {
  return readFileSync(path, "utf8").trim();
}
