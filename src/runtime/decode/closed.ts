import type { AnswerRequest, Decoded } from "../answer.ts";
import type { Program, Wanted } from "../program.ts";
import type { ClosedSet, OptionNode } from "./option-tree.ts";
import { softmax } from "./softmax.ts";

/**
 * The likeliest of a closed set of texts, found best first over the tree of their ids: a branch is
 * evaluated only while it may still hold the winner, so texts that differ in their first token cost one
 * evaluation of the prompt. `full` evaluates every branch, which makes all probabilities exact.
 */
export function* decideClosed(
  request: AnswerRequest,
  set: ClosedSet,
  tree: OptionNode,
  full: boolean,
): Program<Decoded> {
  const open: Branch[] = [{ node: tree, mass: 1 }];
  const settled: Branch[] = [];
  let [evaluations, keep] = [0, 0];
  while (open.length > 0) {
    open.sort(byMass);
    settled.sort(byMass);
    const [branch, leader] = [open[0], settled[0]];
    if (!branch || (!full && leader && leader.mass >= branch.mass)) break;
    open.shift();
    if (branch.node.children.size === 0) {
      settled.push(branch);
      continue;
    }
    const add = keep === 0 ? [...request.prompt, ...branch.node.path] : branch.node.path;
    const wanted: Wanted = { kind: "these", ids: [...branch.node.children.keys()] };
    const scores = yield { keep, add, wanted };
    keep = request.prompt.length;
    evaluations++;
    for (const [i, probability] of softmax(scores).entries()) {
      const node = branch.node.children.get(scores[i]?.id ?? -1);
      if (node) open.push({ node, mass: branch.mass * probability });
    }
  }
  settled.sort(byMass);
  const [winner = { node: tree, mass: 0 }] = settled;
  const rival = Math.max(0, open[0]?.mass ?? 0, settled[1]?.mass ?? 0);
  const chosen = winner.node.options[0] ?? 0;
  const tokens = set.ids[chosen] ?? [];
  return {
    text: set.texts[chosen] ?? "",
    tokens,
    confidence: winner.mass,
    margin: winner.mass - rival,
    options: listOptions(set, [...settled, ...open]),
    tokensIn: request.prompt.length,
    tokensOut: tokens.length,
    evaluations,
  };
}

interface Branch {
  readonly node: OptionNode;
  readonly mass: number;
}

function byMass(a: Branch, b: Branch): number {
  return b.mass - a.mass || (a.node.options[0] ?? 0) - (b.node.options[0] ?? 0);
}

/** A branch that was not looked into shares its mass evenly among its options. */
function listOptions(set: ClosedSet, branches: readonly Branch[]) {
  const probabilities = new Float64Array(set.texts.length);
  for (const { node, mass } of branches) {
    for (const option of node.options) probabilities[option] = mass / node.options.length;
  }
  return set.texts.map((text, option) => ({ text, probability: probabilities[option] ?? 0 }));
}
