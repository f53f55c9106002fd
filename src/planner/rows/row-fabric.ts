import type { PublishedRun } from "../../schema/index.ts";
import type { Chip } from "../chip.ts";
import type { Fabric } from "../wires/fabric.ts";

/** Bytes per second of one chip's share of its node's ports, by family: what reference systems of the maker have. */
const usualPorts: Readonly<Record<string, number>> = {
  volta: 12.5e9,
  ampere: 25e9,
  hopper: 50e9,
  blackwell: 50e9,
  "blackwell-ultra": 100e9,
  davinci: 25e9,
  cdna2: 25e9,
  cdna3: 50e9,
  cdna4: 50e9,
};

/** The wires of a row's system: what it tells of its interconnect, or what such systems usually have. */
export function rowFabric(row: PublishedRun, chip: Chip): Fabric {
  const perNode = row.gpus_per_node ?? Math.min(8, chip.domain);
  const told = portsOf(row.interconnect ?? "");
  const usual = usualPorts[chip.family] ?? 25e9;
  const isRing = chip.vendor === "Google";
  return {
    // Racks whose links span nodes (GB200 NVL72) have trays of four and a domain of the whole rack.
    domain: Math.max(perNode, chip.domain),
    up: chip.scaleUp,
    out: {
      name: "scale-out",
      bandwidth: isRing ? chip.scaleUp.bandwidth : told === undefined ? usual : told / perNode,
      latency: 12e-6,
      efficiency: 0.85,
    },
  };
}

/** Bytes per second of a node's ports from texts such as "800 Gb/s (4x HDR) inter-node" or "4x100 Gb/s RoCE per node". */
function portsOf(text: string): number | undefined {
  const scaleOut = text.split(/[;+,]/).findLast((part) => /Gb\/s/.test(part));
  const match = /(?:(\d+)\s*x\s*)?[A-Za-z\- ]*?(\d+)\s*Gb\/s/.exec(scaleOut ?? "");
  if (match === null) return undefined;
  return (Number(match[1] ?? 1) * Number(match[2]) * 1e9) / 8;
}
