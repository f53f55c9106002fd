import type { Path } from "./fabric.ts";

/**
 * Latency-bandwidth costs of collectives over `members` (Thakur, Rabenseifner and Gropp 2005): `bytes` is the whole
 * vector that every member ends with (all-gather), starts with (reduce-scatter) or both (all-reduce). Seconds.
 */
export function ringAllGather(bytes: number, members: number, path: Path): number {
  if (members <= 1) return 0;
  const steps = members - 1;
  return steps * (path.latency + bytes / members / path.bandwidth);
}

/** As the all-gather with the arrows turned round; additions are free beside the wire. */
export function ringReduceScatter(bytes: number, members: number, path: Path): number {
  return ringAllGather(bytes, members, path);
}

export function ringAllReduce(bytes: number, members: number, path: Path): number {
  return ringReduceScatter(bytes, members, path) + ringAllGather(bytes, members, path);
}

/** Reduce to a root and broadcast along a binary tree, pipelined: bandwidth of a ring, latency of a tree. */
export function treeAllReduce(bytes: number, members: number, path: Path): number {
  if (members <= 1) return 0;
  return 2 * Math.ceil(Math.log2(members)) * path.latency + (2 * bytes) / path.bandwidth;
}

/** Libraries choose the quicker one by size (NCCL's tuner does). */
export function allReduce(bytes: number, members: number, path: Path): number {
  return Math.min(ringAllReduce(bytes, members, path), treeAllReduce(bytes, members, path));
}

/** Each member sends `bytes / members` to every other, all at once; one latency, as sends are posted together. */
export function allToAll(bytes: number, members: number, path: Path): number {
  if (members <= 1) return 0;
  return path.latency + (bytes * (members - 1)) / members / path.bandwidth;
}

/**
 * All-gather or reduce-scatter in two levels: among the members of a node over the inner path, then among nodes over
 * the outer one, each chip with its own port. Seconds.
 */
export function hierarchicalAllGather(
  bytes: number,
  levels: { readonly inside: number; readonly nodes: number },
  inner: Path,
  outer: Path,
): number {
  const { inside, nodes } = levels;
  return ringAllGather(bytes / inside, nodes, outer) + ringAllGather(bytes, inside, inner);
}

/** One message to a neighbour. */
export function sendTo(bytes: number, path: Path): number {
  return path.latency + bytes / path.bandwidth;
}
