import type { ServingJob } from "./plan-serving.ts";
import { replicaOf, sizesOf } from "./plan-serving.ts";
import { weightsFit } from "./law/capacity.ts";
import type { ServingSetup } from "./law/setup.ts";
import { closedQueue, openQueue } from "./queue/open-queue.ts";

/**
 * The tensor-parallel degree (a power of two within one domain) that needs the fewest accelerators by the closed form
 * within the bounds on means; the largest that fits where none keeps them. Undefined when the weights fit none.
 */
export function chooseTensor(job: ServingJob): ServingSetup | undefined {
  const { setup, traffic, bounds, available } = job;
  const sizes = sizesOf(traffic);
  let best: { readonly setup: ServingSetup; readonly chips: number } | undefined;
  let last: ServingSetup | undefined;
  for (let tensor = 1; tensor <= Math.min(available, setup.fabric.domain, 64); tensor *= 2) {
    const tried = { ...setup, tensor };
    const replica = replicaOf({ ...job, setup: tried });
    if (!weightsFit(replica.pass)) continue;
    last = tried;
    const asked = traffic.rate ?? traffic.concurrency ?? 1;
    const most = Math.max(1, Math.floor(available / tensor));
    for (let replicas = 1; replicas <= most; replicas = Math.ceil(replicas * 1.2)) {
      const share = asked / replicas;
      const estimate =
        traffic.rate === undefined
          ? closedQueue(replica, sizes, share)
          : openQueue(replica, sizes, share, traffic.burstiness);
      const times = {
        ttft: estimate.timeToFirst,
        tpot: estimate.timePerToken,
        latency: estimate.timeToFirst + sizes.output * estimate.timePerToken,
      };
      if (estimate.load > 0.95 && traffic.rate !== undefined) continue;
      if (!bounds.every(({ what, limit }) => times[what] < 0.8 * limit)) continue;
      if (best === undefined || replicas * tensor < best.chips) {
        best = { setup: tried, chips: replicas * tensor };
      }
      break;
    }
  }
  return best?.setup ?? last;
}
