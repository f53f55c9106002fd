// Writes docs/task.schema.json, which editors use to complete and check task files:
//   node tools/write-task-schema.ts
import { join } from "node:path";
import { taskJsonSchema } from "../src/data/index.ts";
import { writeAtomically } from "../src/disk/index.ts";

const path = join(import.meta.dirname, "..", "docs", "task.schema.json");
writeAtomically(path, [`${JSON.stringify(taskJsonSchema(), null, 2)}\n`]);
console.log(path);
