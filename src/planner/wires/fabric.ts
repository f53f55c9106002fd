import type { Wire } from "../chip.ts";

/** The wires of one group of identical nodes. */
export interface Fabric {
  /** Chips that share the scale-up wire: a node, or a rack whose links span it. */
  readonly domain: number;
  readonly up: Wire;
  /** Between domains: bandwidth is one chip's share of its node's ports. */
  readonly out: Wire;
}

/** Share of a link's bandwidth for one member of a collective, and its latency per hop. */
export interface Path {
  /** Bytes per second that one member can send while all members do. */
  readonly bandwidth: number;
  readonly latency: number;
  /** Whether the slowest hop is between nodes. */
  readonly crosses: boolean;
}

/**
 * The path of a group of `size` members that sit `stride` chips apart (ranks are laid out tensor, context, data,
 * pipeline, as Megatron does). Members of one node share its ports with the other groups of the node, so a ring that
 * leaves the node sees the ports of as many chips as it has members there.
 */
export function pathOf(fabric: Fabric, size: number, stride: number): Path {
  const inside = Math.max(1, Math.min(size, Math.floor(fabric.domain / Math.max(1, stride))));
  const up = fabric.up.bandwidth * fabric.up.efficiency;
  if (inside >= size) return { bandwidth: up, latency: fabric.up.latency, crosses: false };
  const out = fabric.out.bandwidth * fabric.out.efficiency * inside;
  return { bandwidth: Math.min(up, out), latency: fabric.out.latency, crosses: true };
}
