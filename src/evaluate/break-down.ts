import type { Confusion, Interval, Judged, Mistake, ObjectSchema } from "../schema/index.ts";
import { isClosed } from "./classical/closed-answers.ts";
import { wilsonInterval } from "./intervals.ts";

/** Accuracy of each output property alone. */
export function accuracyPerField(
  judged: readonly Judged[],
  output: ObjectSchema,
  confidence: number,
): Record<string, Interval> {
  const names = Object.keys(output.properties);
  return Object.fromEntries(
    names.map((name) => {
      const right = judged.filter(({ wrongFields, answer }) =>
        answer.output === undefined ? false : !wrongFields.includes(name),
      );
      return [name, wilsonInterval(right.length, judged.length, confidence)];
    }),
  );
}

/** Records and right answers by expected value of each closed property; `name: value` where there are several. */
export function accuracyPerClass(
  judged: readonly Judged[],
  output: ObjectSchema,
): Record<string, { readonly records: number; readonly correct: number }> {
  const names = Object.entries(output.properties).filter(([, field]) => isClosed(field));
  const classes = new Map<string, { records: number; correct: number }>();
  for (const [name] of names) {
    for (const { record, answer, wrongFields } of judged) {
      const value = labelOf(record.output[name]);
      const key = names.length === 1 ? value : `${name}: ${value}`;
      const entry = classes.get(key) ?? { records: 0, correct: 0 };
      entry.records++;
      if (answer.output !== undefined && !wrongFields.includes(name)) entry.correct++;
      classes.set(key, entry);
    }
  }
  return Object.fromEntries([...classes].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** How often each expected value of a property got which answer. */
export function confusionOf(judged: readonly Judged[], property: string): Confusion {
  const pairs = judged.map(({ record, answer }): readonly [string, string] => [
    labelOf(record.output[property]),
    labelOf(answer.output?.[property]),
  ]);
  const labels = [...new Set(pairs.flat())].sort();
  const indexOf = new Map(labels.map((label, i) => [label, i]));
  const counts = labels.map(() => labels.map(() => 0));
  for (const [expected, given] of pairs) {
    const line = counts[indexOf.get(expected) ?? 0] ?? [];
    const column = indexOf.get(given) ?? 0;
    line[column] = (line[column] ?? 0) + 1;
  }
  return { field: property, labels, counts };
}

/** The wrong answers that were given most confidently. */
export function worstMistakes(judged: readonly Judged[], count: number): Mistake[] {
  return judged
    .filter(({ correct }) => !correct)
    .sort(
      (a, b) => b.answer.confidence - a.answer.confidence || (a.record.id < b.record.id ? -1 : 1),
    )
    .slice(0, count)
    .map(({ record, answer }) => ({
      input: record.input,
      expected: record.output,
      given: answer.output,
      confidence: answer.confidence,
    }));
}

function labelOf(value: unknown): string {
  if (value === undefined || value === null) return "(none)";
  return typeof value === "string" ? value : JSON.stringify(value);
}
