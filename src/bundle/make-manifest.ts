import { SampanError } from "../kernel/index.ts";
import {
  bundleFormat,
  bundleManifestSchema,
  type BundleFacts,
  type BundleFile,
  type BundleManifest,
} from "../schema/index.ts";
import { checkPaths } from "./read-manifest.ts";

/** The manifest of a bundle's facts and files, in the order of their paths; `internal` when it breaks the format. */
export function makeManifest(facts: BundleFacts, files: readonly BundleFile[]): BundleManifest {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const parsed = bundleManifestSchema.safeParse({ ...facts, format: bundleFormat, files: sorted });
  const [issue] = parsed.error?.issues ?? [];
  const problem = parsed.success
    ? checkPaths(parsed.data)
    : `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "invalid"}`;
  if (parsed.success && problem === undefined) return parsed.data;
  throw new SampanError("internal", `a bundle cannot be packed like this: ${problem ?? ""}`, {
    hint: "This is a defect in Sampan; please report it with the command you ran.",
  });
}
