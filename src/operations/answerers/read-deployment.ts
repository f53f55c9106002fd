import { join } from "node:path";
import { SampanError, type JsonObject } from "../../kernel/index.ts";
import { deploymentSchema, type Deployment } from "../../schema/index.ts";

export const deploymentFile = "deployment.json";

/** What a bundle deploys; `format-corrupt` names the file and the field that is not as this Sampan writes it. */
export function readDeployment(bundle: {
  readonly folder: string;
  readJson(path: string): JsonObject;
}): Deployment {
  const parsed = deploymentSchema.safeParse(bundle.readJson(deploymentFile));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.map(String).join(".") || "the whole";
  throw new SampanError(
    "format-corrupt",
    `${join(bundle.folder, deploymentFile)}: ${field}: ${issue?.message ?? "invalid"}`,
    { hint: "Another version of Sampan, or somebody else, wrote it: build the bundle again." },
  );
}
