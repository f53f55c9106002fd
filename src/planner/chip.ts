import type { Accelerator, Link, NumberFormat } from "../schema/index.ts";

/** A chip as the laws read it: plain numbers in SI units, taken from a catalogue row. */
export interface Chip {
  readonly id: string;
  readonly name: string;
  readonly vendor: string;
  readonly family: string;
  /** Bytes. */
  readonly memory: number;
  /** Bytes per second. */
  readonly memoryBandwidth: number;
  /** Dense operations per second by number format; absent where there is no unit for it. */
  readonly peaks: Readonly<Partial<Record<NumberFormat, number>>>;
  /** Link between chips of a node or rack; host link where there is none. */
  readonly scaleUp: Wire;
  /** Chips that reach each other over `scaleUp`. */
  readonly domain: number;
  /** Watts. */
  readonly power: number;
  /** Year of the launch with its fraction. */
  readonly launched: number;
}

/** One tier of wire as one chip sees it. */
export interface Wire {
  readonly name: string;
  /** Bytes per second, one direction, of one chip. */
  readonly bandwidth: number;
  /** Seconds of one small message. */
  readonly latency: number;
  /** Share of `bandwidth` that large collectives reach. */
  readonly efficiency: number;
}

/** PCIe lanes of a chip without a link of its own carry what the host lets through. */
const hostLinkFallback = { name: "PCIe 4", bandwidth: 31.5e9, latency: 10e-6, efficiency: 0.8 };

/** The view of a catalogue row that the laws use. */
export function toChip(row: Accelerator, links: readonly Link[]): Chip {
  const peaks = Object.fromEntries(
    Object.entries(row.peaks).flatMap(([format, peak]) =>
      peak === undefined ? [] : [[format, peak.value]],
    ),
  );
  return {
    id: row.id,
    name: row.name,
    vendor: row.vendor,
    family: row.family,
    memory: row.memory.value,
    memoryBandwidth: row.memoryBandwidth.value,
    peaks,
    scaleUp: scaleUpWire(row, links),
    domain: row.scaleUp?.maxDomain.value ?? 8,
    power: row.power.value,
    launched: yearOf(row.launch.value),
  };
}

/** "2024-11-18" as 2024.88; a month or a year alone counts from its middle. */
export function yearOf(date: string): number {
  const [year = 2020, month = 6.5, day = 15] = date.split("-").map(Number);
  return year + (month - 1 + (day - 1) / 30) / 12;
}

function scaleUpWire(row: Accelerator, links: readonly Link[]): Wire {
  if (row.scaleUp !== null) {
    const { link: id, bandwidth } = row.scaleUp;
    const link = links.find((candidate) => candidate.id === id);
    return {
      name: link?.name ?? id,
      bandwidth: bandwidth.value,
      latency: link?.latency.value ?? 10e-6,
      efficiency: link?.efficiency.value ?? 0.75,
    };
  }
  const generation = row.pcie?.generation.value;
  const link = links.find(({ id }) => id === `pcie-${generation}`);
  if (link === undefined) return hostLinkFallback;
  return {
    name: link.name,
    bandwidth: (link.bandwidth.value * (row.pcie?.lanes.value ?? 16)) / 16,
    latency: link.latency.value,
    efficiency: link.efficiency.value,
  };
}
