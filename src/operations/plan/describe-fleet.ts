import type { FleetAnswer, FleetPlan } from "../../planner/index.ts";

/** What the terminal shows of a mixed fleet. */
export function describeFleet(
  model: string,
  tokens: number,
  joint: { readonly name: string; readonly bandwidth: number },
  answer: FleetAnswer,
): string {
  const row = (label: string, plan: FleetPlan | undefined): string[] =>
    plan === undefined ? [] : [label.padEnd(30) + figures(plan, tokens)];
  const mixed = answer.mixed;
  const losses =
    answer.efficiency === undefined
      ? []
      : [`of the groups' own speeds together: ${(100 * answer.efficiency).toFixed(0)} %`];
  return [
    `${model}, ${tokens.toExponential(1)} tokens; joint: ${joint.name}, ${(joint.bandwidth / 1e9).toPrecision(3)} GB/s each way`,
    "",
    "".padEnd(30) + "   step s   tokens/s      days   USD/M tokens",
    ...answer.alone.flatMap((plan) => row(`${plan.members[0]?.group ?? ""} alone`, plan)),
    ...row("mixed", mixed),
    ...row(
      `same rent: ${answer.sameMoney?.members[0]?.count ?? 0} x ${answer.sameMoney?.members[0]?.group ?? ""}`,
      answer.sameMoney,
    ),
    "",
    answer.verdict,
    ...(mixed === undefined
      ? []
      : [
          "",
          `The mixture shares ${mixed.kind === "data" ? "the batch" : "the pipeline"}; ${mixed.crossing.toPrecision(2)} s of a step go to the joint alone.`,
          ...losses,
          ...mixed.members.map((member) => describeMember(member, mixed.seconds)),
        ]),
  ].join("\n");
}

function figures(plan: FleetPlan, tokens: number): string {
  return [
    plan.seconds.toPrecision(4).padStart(9),
    Math.round(plan.tokensPerSecond).toLocaleString("en-US").padStart(11),
    (tokens / plan.tokensPerSecond / 86_400).toPrecision(3).padStart(10),
    plan.price.toPrecision(3).padStart(15),
  ].join("");
}

function describeMember(member: FleetPlan["members"][number], seconds: number): string {
  const { plan, layers } = member;
  const share =
    layers.length > 0
      ? `${layers.length} ${layers.length === 1 ? "stage" : "stages"} of ${range(layers)} layers`
      : `${member.sequences} sequences`;
  const degrees = `tensor ${plan.tensor}, data ${plan.data}, micro-batch ${plan.microBatch}, recompute ${plan.recompute}`;
  return `  ${member.group}: ${member.count} accelerators, ${share}; ${degrees}; busy ${((100 * member.busy) / seconds).toFixed(0)} %`;
}

function range(layers: readonly number[]): string {
  const [low, high] = [Math.min(...layers), Math.max(...layers)];
  return low === high ? `${low}` : `${low} to ${high}`;
}
