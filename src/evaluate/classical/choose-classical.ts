import type { ObjectSchema } from "../../schema/index.ts";
import { isClosed, isSpan } from "./closed-answers.ts";

export interface ClassicalChoice {
  readonly kind: "classifier" | "tagger" | "both" | undefined;
  /** Why, in words for the report. */
  readonly reason: string;
}

/** Which classical baseline suits a task, from its output schema alone. */
export function chooseClassical(input: ObjectSchema, output: ObjectSchema): ClassicalChoice {
  const fields = Object.entries(output.properties);
  const other = fields.filter(([, field]) => !isClosed(field) && !isSpan(field));
  if (other.length > 0) {
    const names = other.map(([name]) => name).join(", ");
    return {
      kind: undefined,
      reason: `no classical baseline: ${names} is neither a closed set nor a span of the input`,
    };
  }
  const spans = fields.filter(([, field]) => isSpan(field)).length;
  const hasText = Object.values(input.properties).some(
    (field) => "type" in field && field.type === "string",
  );
  if (spans > 0 && !hasText) {
    return {
      kind: undefined,
      reason: "no classical baseline: the input has no text to take spans from",
    };
  }
  if (spans === 0) {
    return {
      kind: "classifier",
      reason: "every answer is from a closed set: TF-IDF with logistic regression",
    };
  }
  if (spans === fields.length) {
    return { kind: "tagger", reason: "every answer is a span of the input: a linear-chain tagger" };
  }
  return {
    kind: "both",
    reason:
      "closed answers by TF-IDF with logistic regression, spans of the input by a linear-chain tagger",
  };
}
