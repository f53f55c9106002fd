import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { z } from "zod";
import { proposeTask } from "../data/index.ts";
import { writeAtomically } from "../disk/index.ts";
import { SampanError } from "../kernel/index.ts";
import { defineOperation } from "./operation.ts";

export const init = defineOperation({
  name: "init",
  summary: "write a task.yaml from a CSV, TSV, JSON or JSONL file by looking at it",
  about:
    "Looks at the records, decides what is input and what is answer, and writes a task that explains each of its lines. Say what it got wrong with --input and --output.",
  input: z.strictObject({
    data: z.string().describe("a .csv, .tsv, .json or .jsonl file of labelled records"),
    out: z
      .string()
      .optional()
      .describe("where to write the task (default: task.yaml beside the data)"),
    input: z.array(z.string()).optional().describe("columns that are the input"),
    output: z.array(z.string()).optional().describe("columns that are the answer"),
    name: z.string().optional().describe("name of the task"),
    base: z.string().optional().describe("base to start from"),
    force: z.boolean().default(false).describe("replace a task that is there already"),
  }),
  positional: ["data"],
  examples: [
    { line: "sampan init tickets.csv", does: "writes task.yaml beside it" },
    {
      line: "sampan init data.jsonl --output label --out intent/task.yaml",
      does: "names the answer",
    },
  ],
  async run({ data, out, input, output, name, base, force }, { cwd }) {
    const dataPath = resolve(cwd, data);
    if (!existsSync(dataPath) || !statSync(dataPath).isFile()) {
      throw new SampanError("not-found", `there is no file ${data}`, { hint: "Check the path." });
    }
    const taskPath = resolve(cwd, out ?? join(dirname(dataPath), "task.yaml"));
    if (existsSync(taskPath) && !force) {
      throw new SampanError("usage-invalid", `${taskPath} is there already`, {
        hint: "Choose another with --out, or replace it with --force.",
      });
    }
    const proposal = await proposeTask(dataPath, readFileSync(dataPath), {
      place: relative(dirname(taskPath), dataPath),
      ...(input === undefined ? {} : { input }),
      ...(output === undefined ? {} : { output }),
      ...(name === undefined ? {} : { name }),
      ...(base === undefined ? {} : { base }),
    });
    writeAtomically(taskPath, [proposal.yaml]);
    const shown = relative(cwd, taskPath);
    const notes = proposal.notes.map((note) => `  ${note}`);
    return {
      value: { task: taskPath, notes: [...proposal.notes] },
      text: [
        `Wrote ${shown}. Read it: each line says why it is there.`,
        ...notes,
        `Next: sampan check ${shown}`,
      ].join("\n"),
    };
  },
});
