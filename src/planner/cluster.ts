import { SampanError } from "../kernel/index.ts";
import type { Accelerator, ClusterGroup, ClusterLink, Link } from "../schema/index.ts";
import { requireEntry } from "./catalogue/index.ts";
import { toChip, type Chip, type Wire } from "./chip.ts";
import type { Fabric } from "./wires/fabric.ts";

/** A group of a cluster with its catalogue rows resolved. */
export interface ResolvedGroup {
  readonly name: string;
  readonly entry: Accelerator;
  readonly chip: Chip;
  readonly fabric: Fabric;
  readonly count: number;
}

interface Hardware {
  readonly accelerators: readonly Accelerator[];
  readonly links: readonly Link[];
}

/** What nodes are joined with where the file does not say; named in the result as an assumption. */
const usualScaleOut = "infiniband-ndr";

/** Looks up the chip and the links of a group. Errors: `not-found` with the nearest names. */
export function resolveGroup(group: ClusterGroup, hardware: Hardware): ResolvedGroup {
  const entry = requireEntry(hardware.accelerators, group.accelerator, "accelerator");
  const chip = toChip(entry, hardware.links);
  const perNode = Math.min(group.perNode, group.count);
  const up = wireOf(group.scaleUp, hardware.links, chip.scaleUp, 1);
  const out = scaleOutOf(group.scaleOut, hardware.links, perNode);
  const told = group.scaleUp !== undefined;
  return {
    name: group.name ?? entry.name,
    entry,
    chip: group.power === undefined ? chip : { ...chip, power: group.power },
    fabric: {
      domain: told ? perNode : Math.max(perNode, Math.min(chip.domain, group.count)),
      up,
      out,
    },
    count: group.count,
  };
}

/** A node's ports shared by its chips: `bandwidth` is of the whole node, or `ports` times that of the link. */
function scaleOutOf(link: ClusterLink | undefined, links: readonly Link[], perNode: number): Wire {
  const base = requireEntry(links, link?.link ?? usualScaleOut, "link");
  const ports = link?.ports ?? (link === undefined || link.link === undefined ? perNode : 1);
  const node = link?.bandwidth ?? base.bandwidth.value * ports;
  return {
    name: base.name,
    bandwidth: node / perNode,
    latency: link?.latency ?? base.latency.value,
    efficiency: base.efficiency.value,
  };
}

function wireOf(
  link: ClusterLink | undefined,
  links: readonly Link[],
  usual: Wire,
  ports: number,
): Wire {
  if (link === undefined) return usual;
  const base = link.link === undefined ? undefined : requireEntry(links, link.link, "link");
  if (base === undefined && link.bandwidth === undefined) {
    throw new SampanError("usage-invalid", "a scaleUp link needs link or bandwidth", {
      hint: "Write for example: scaleUp: { link: pcie-4 }",
    });
  }
  return {
    name: base?.name ?? usual.name,
    bandwidth: link.bandwidth ?? (base?.bandwidth.value ?? usual.bandwidth) * ports,
    latency: link.latency ?? base?.latency.value ?? usual.latency,
    efficiency: base?.efficiency.value ?? usual.efficiency,
  };
}
