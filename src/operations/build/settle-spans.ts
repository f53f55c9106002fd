import { sourceTexts } from "../../framing/index.ts";
import type { Json } from "../../kernel/index.ts";
import { standsAsWords } from "../../runtime/index.ts";
import type { FieldSchema, ObjectSchema, Task, TaskRecord } from "../../schema/index.ts";

/**
 * The task with `wholeWords` settled for every span of its output: on where each value of the records at hand
 * begins and ends at the edge of a word. Fewer places to begin and end are fewer ways to be wrong.
 */
export function settleSpans(task: Task, records: readonly TaskRecord[]): Task {
  const properties = Object.entries(task.output.properties).map(([name, field]) => {
    const keepsWords = (): boolean =>
      records.every(({ input, output }) => {
        const sources = sourceTexts(task.input, input);
        return textsOf(output[name]).every((value) =>
          sources.some((source) => standsAsWords(value, source)),
        );
      });
    return [name, settleField(field, keepsWords)] as const;
  });
  const output: ObjectSchema = { ...task.output, properties: Object.fromEntries(properties) };
  return { ...task, output };
}

function settleField<Field extends FieldSchema>(field: Field, keepsWords: () => boolean): Field {
  if (!("type" in field)) return field;
  if (field.type === "array") return { ...field, items: settleField(field.items, keepsWords) };
  if (field.type !== "string" || field.source !== "input") return field;
  return { ...field, wholeWords: field.wholeWords ?? keepsWords() };
}

function textsOf(value: Json | undefined): string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.flatMap(textsOf) : [];
}
