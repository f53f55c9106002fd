import { resolve } from "node:path";
import { z } from "zod";
import { verifyBundle } from "../bundle/index.ts";
import { errorKinds } from "../kernel/index.ts";
import { defineOperation } from "./operation.ts";

export const verify = defineOperation({
  name: "verify",
  summary: "check every byte of a bundle, offline",
  about:
    "Hashes every file of a bundle against its manifest; one flipped bit, a missing or an extra file fails it. Needs nothing but the bundle.",
  input: z.strictObject({
    bundle: z.string().describe("folder of a bundle"),
    digest: z.string().optional().describe("the digest its sender told by another way"),
  }),
  positional: ["bundle"],
  examples: [{ line: "sampan verify out/industry-code/bundle", does: "says whether it is whole" }],
  async run({ bundle, digest: expected }, { cwd }) {
    const { ok, digest, problems } = verifyBundle(resolve(cwd, bundle), expected);
    const lines = problems.map(({ path, message }) => `  ${path}: ${message}`);
    return {
      value: {
        ok,
        digest: digest ?? null,
        problems: problems.map(({ path, message }) => ({ path, message })),
      },
      text: ok
        ? `${bundle} is whole.\n  digest ${digest ?? ""}`
        : `${bundle} is damaged:\n${lines.join("\n")}`,
      ...(ok ? {} : { exit: errorKinds["digest-mismatch"].exit }),
    };
  },
});
