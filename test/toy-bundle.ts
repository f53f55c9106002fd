import { join } from "node:path";
import { type BundlePart } from "../src/bundle/index.ts";
import { canonicalJson } from "../src/kernel/index.ts";
import type { BundleFacts } from "../src/schema/index.ts";

export const toyFacts: BundleFacts = {
  createdBy: "sampan 0.1.0",
  task: { name: "industry-code", about: "A phrase to its sector.", digest: "a".repeat(64) },
  variant: { id: "tuned-q8_0", label: "tuned, Q8_0", kind: "tuned", precision: "Q8_0" },
  threshold: 0.61,
  base: { name: "toy", sha256: "b".repeat(64) },
  licences: [{ id: "LicenseRef-Toy", name: "Toy terms", covers: "the base", notice: "Be kind." }],
};

/** Parts of a small bundle, one of them a file `weights` in `home`. */
export function toyParts(home: string): BundlePart[] {
  return [
    { path: "task.json", from: { kind: "bytes", bytes: canonicalJson({ name: "industry-code" }) } },
    { path: "model.gguf", from: { kind: "file", path: join(home, "weights") } },
    { path: "licences/toy.txt", from: { kind: "bytes", bytes: "Be kind.\n" } },
    { path: "empty.json", from: { kind: "bytes", bytes: "" } },
  ];
}
