import { SampanError } from "../../kernel/index.ts";
import type { GradientSink, GraphBuilder, Tensor } from "./builder.ts";

/**
 * Reverse-mode differentiation: walks the tape backwards from `loss` (a scalar) and returns d loss / d
 * parameter for each parameter, in order. Throws `internal` when the loss does not depend on one.
 */
export function differentiate(
  graph: GraphBuilder,
  loss: Tensor,
  parameters: readonly Tensor[],
): readonly Tensor[] {
  const collected = new Map<string, Tensor>([[loss.name, graph.scalar(1)]]);
  const sink: GradientSink = {
    add(input, make) {
      if (input.differentiable) collected.set(input.name, make(collected.get(input.name)));
    },
  };
  // A copy: rules emit nodes, and none of those may land on the tape that is being walked.
  for (const { outputs, rule } of [...graph.tape].reverse()) {
    const gradients = outputs.map((output) => collected.get(output.name));
    if (gradients.some((gradient) => gradient !== undefined)) rule(gradients, sink);
  }
  return parameters.map((parameter) => {
    const gradient = collected.get(parameter.name);
    if (gradient !== undefined) return gradient;
    throw new SampanError("internal", `the loss does not depend on ${parameter.name}`, {
      hint: "This is a defect in Sampan's training graph; please report the base and settings.",
    });
  });
}
