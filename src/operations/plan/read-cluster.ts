import { resolve } from "node:path";
import type { z } from "zod";
import { readYamlFile } from "../../data/index.ts";
import { SampanError } from "../../kernel/index.ts";
import { clusterSchema, type Cluster } from "../../schema/index.ts";

/** Reads a file by a schema. Errors: `data-invalid`, each mistake with its place. */
export async function readPlanFile<T>(
  path: string,
  schema: z.ZodType<T>,
  what: string,
  cwd: string,
): Promise<T> {
  const data = await readYamlFile(resolve(cwd, path));
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues
    .slice(0, 6)
    .map((issue) => `${path}: ${issue.path.map(String).join(".") || "the file"}: ${issue.message}`);
  throw new SampanError("data-invalid", problems.join("\n"), {
    hint: `See examples/plans/ for the form of a ${what}.`,
    details: { path },
  });
}

/** Reads `cluster.yaml`. */
export async function readCluster(path: string, cwd: string): Promise<Cluster> {
  return readPlanFile(path, clusterSchema, "cluster", cwd);
}
