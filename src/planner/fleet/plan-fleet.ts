import { SampanError } from "../../kernel/index.ts";
import type { FleetGroup, FleetJob, FleetPlan } from "./fleet.ts";
import { mixReplicas } from "./mix-replicas.ts";
import { mixStages } from "./mix-stages.ts";
import { priceOf, runAlone } from "./run-alone.ts";
import { stageChoices } from "./stage-choices.ts";

/** Whether a mixed fleet is worth its mixing. */
export interface FleetAnswer {
  /** Each group by itself, where the job fits it. */
  readonly alone: readonly FleetPlan[];
  /** The best way to use two or more groups together. */
  readonly mixed: FleetPlan | undefined;
  /** The quickest of all. */
  readonly best: FleetPlan;
  /** Speed of `mixed` over the sum of what its groups do alone: 1 is a mixture that loses nothing. */
  readonly efficiency: number | undefined;
  /** The rent of all groups spent on more of one kind instead. */
  readonly sameMoney: FleetPlan | undefined;
  readonly verdict: string;
}

const maxGroups = 4;

/** Compares every way to share the job with every group alone. Throws `usage-invalid` when nothing fits anywhere. */
export function planFleet(job: FleetJob): FleetAnswer {
  if (job.groups.length > maxGroups) {
    throw new SampanError("usage-invalid", `${job.groups.length} groups; at most ${maxGroups}`, {
      hint: "Join groups of the same accelerator.",
    });
  }
  const alone = job.groups.map((group) => ({ group, plan: runAlone(job, group) }));
  const plans = alone.flatMap(({ plan }) => (plan === undefined ? [] : [plan]));
  const mixed = quickest(subsetsOf(job.groups).map((groups) => mix(job, groups)));
  const single = quickest(plans);
  const best = quickest([single, mixed]);
  if (best === undefined) {
    throw new SampanError(
      "usage-invalid",
      `${job.model.name} fits neither a group nor any mixture of them`,
      { hint: "Add accelerators, shorten the sequence, or take a batch that is a power of two." },
    );
  }
  const sum = (mixed?.members ?? []).reduce((total, { group }) => {
    const own = alone.find(({ group: { name } }) => name === group)?.plan;
    return total + (own?.tokensPerSecond ?? 0);
  }, 0);
  const sameMoney = spendOnOne(job);
  return {
    alone: plans,
    mixed,
    best,
    efficiency: mixed === undefined || sum === 0 ? undefined : mixed.tokensPerSecond / sum,
    sameMoney,
    verdict: job.groups.length < 2 ? "One group: nothing to mix." : judge(mixed, single, sameMoney),
  };
}

function mix(job: FleetJob, groups: readonly FleetGroup[]): FleetPlan | undefined {
  const speeds = groups.map((group) => runAlone(job, group)?.tokensPerSecond ?? 0);
  const replicas = speeds.includes(0) ? undefined : mixReplicas(job, groups, speeds);
  let best = replicas;
  for (const choice of stageChoices(job, groups)) {
    best = quickest([best, mixStages(job, choice)]);
  }
  return best;
}

/** All sets of two groups or more. */
function subsetsOf(groups: readonly FleetGroup[]): readonly (readonly FleetGroup[])[] {
  return Array.from({ length: 2 ** groups.length }, (_, bits) =>
    groups.filter((__, index) => (bits >> index) & 1),
  ).filter(({ length }) => length >= 2);
}

function quickest(plans: readonly (FleetPlan | undefined)[]): FleetPlan | undefined {
  let best: FleetPlan | undefined;
  for (const plan of plans) {
    if (plan !== undefined && (best === undefined || plan.seconds < best.seconds)) best = plan;
  }
  return best;
}

/** As many of one kind as the rent of all pays for, in whole nodes; the quickest kind. */
function spendOnOne(job: FleetJob): FleetPlan | undefined {
  const money = job.groups.reduce((sum, { count, rent }) => sum + count * rent, 0);
  return quickest(
    job.groups.map((group) => {
      const most = group.rent > 0 ? Math.floor(money / group.rent) : 0;
      const count = most >= 8 ? most - (most % 8) : most;
      const plan = count < 1 ? undefined : runAlone(job, { ...group, count });
      const used = plan?.members[0]?.count ?? 0;
      // Nobody would rent the chips that no plan can use.
      return plan && { ...plan, price: priceOf(used * group.rent, plan.tokensPerSecond) };
    }),
  );
}

function judge(
  mixed: FleetPlan | undefined,
  single: FleetPlan | undefined,
  sameMoney: FleetPlan | undefined,
): string {
  if (mixed === undefined) return "No mixture fits; keep to one group.";
  if (single === undefined) return "Only a mixture fits: no group holds the job alone.";
  const gain = single.seconds / mixed.seconds;
  const [name = "one group"] = single.members.map(({ group }) => group);
  if (gain <= 1) {
    return `Mixing loses: ${name} alone is ${percent(1 / gain - 1)} quicker; what binds the mixture is ${mixed.binding}.`;
  }
  const dearer = mixed.price / single.price;
  const money =
    dearer > 1
      ? `each token costs ${percent(dearer - 1)} more`
      : `each token costs ${percent(1 - dearer)} less`;
  const instead =
    sameMoney !== undefined && sameMoney.seconds < mixed.seconds
      ? ` The same rent on ${sameMoney.members[0]?.group ?? "one kind"} alone would be ${percent(mixed.seconds / sameMoney.seconds - 1)} quicker still.`
      : "";
  return `Mixing is ${percent(gain - 1)} quicker than ${name} alone, and ${money}; what binds it is ${mixed.binding}.${instead}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}
