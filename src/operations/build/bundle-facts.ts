import type { Assessment, BundleFacts, Deployment } from "../../schema/index.ts";
import { sampanVersion, versionOf } from "./machine.ts";
import type { Prepared } from "./prepare-road.ts";

/** What a bundle's manifest says of it: task, variant, base, engine and licences. */
export function factsOf(
  { task, file, base, data }: Prepared,
  { variant, threshold }: Assessment,
  deployment: Deployment,
): BundleFacts {
  const hasWeights = deployment.members.some(({ kind }) => kind !== "classical");
  const dataLicences = data.files.flatMap(({ name, licence }) =>
    licence === undefined ? [] : [{ id: "LicenseRef-data", name: licence, covers: name }],
  );
  const { licence } = base;
  const notice = licence?.notice === undefined ? {} : { notice: licence.notice };
  return {
    createdBy: `sampan ${sampanVersion()}`,
    task: {
      name: task.name,
      ...(task.description === "" ? {} : { about: task.description }),
      digest: file.digest,
    },
    variant: { id: variant.id, label: variant.label, kind: variant.kind },
    threshold,
    ...(hasWeights
      ? {
          base: { name: base.name, sha256: base.sha256 },
          engine: engineOf(),
        }
      : {}),
    licences: [
      ...(hasWeights && licence
        ? [{ id: licence.id, name: licence.name, covers: base.name, ...notice }]
        : []),
      ...dataLicences,
    ],
  };
}

function engineOf(): NonNullable<BundleFacts["engine"]> {
  const name = "node-llama-cpp";
  return { name, version: versionOf(name) };
}
