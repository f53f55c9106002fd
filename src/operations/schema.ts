import { z } from "zod";
import { taskJsonSchema } from "../data/index.ts";
import { defineOperation } from "./operation.ts";

export const schema = defineOperation({
  name: "schema",
  summary: "print the JSON Schema of a task file, for editors",
  about:
    "Prints the JSON Schema of task.yaml. Editors with a YAML language server check tasks with it as you type.",
  input: z.strictObject({}),
  positional: [],
  examples: [{ line: "sampan schema > task.schema.json", does: "keeps it beside your tasks" }],
  async run() {
    const value = await Promise.resolve(taskJsonSchema());
    return { value, text: JSON.stringify(value, undefined, 2) };
  },
});
