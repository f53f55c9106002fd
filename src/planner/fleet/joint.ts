import { SampanError } from "../../kernel/index.ts";
import type { ClusterLink, Link } from "../../schema/index.ts";
import { requireEntry } from "../catalogue/index.ts";
import type { Wire } from "../chip.ts";
import type { Fabric } from "../wires/fabric.ts";

interface Side {
  readonly fabric: Fabric;
  readonly count: number;
}

/**
 * The joint between groups: as the cluster file says (`ports` cables of a link, or a bandwidth), or, where it says
 * nothing, all ports of the side that has the least, through a switch that blocks nothing.
 */
export function jointOf(
  between: ClusterLink | undefined,
  sides: readonly Side[],
  links: readonly Link[],
): Wire {
  const widths = sides.map(({ fabric, count }) => ({
    ...fabric.out,
    bandwidth: fabric.out.bandwidth * count,
  }));
  const [first, ...others] = widths;
  if (first === undefined) {
    throw new SampanError("usage-invalid", "a fleet without groups has no joint", {
      hint: "Name at least one group.",
    });
  }
  const narrowest = others.reduce((a, b) => (b.bandwidth < a.bandwidth ? b : a), first);
  if (between === undefined) return narrowest;
  const base = between.link === undefined ? undefined : requireEntry(links, between.link, "link");
  if (base === undefined && between.bandwidth === undefined) {
    throw new SampanError("usage-invalid", "between needs link or bandwidth", {
      hint: "Write for example: between: { link: ethernet-100, ports: 2 }",
    });
  }
  return {
    name: base?.name ?? "the joint",
    bandwidth:
      between.bandwidth ?? (base?.bandwidth.value ?? narrowest.bandwidth) * (between.ports ?? 1),
    latency: between.latency ?? base?.latency.value ?? narrowest.latency,
    efficiency: base?.efficiency.value ?? narrowest.efficiency,
  };
}
