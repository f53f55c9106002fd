import { z } from "zod";
import { openBase } from "../intake/index.ts";
import { intakePlace } from "./build/intake-place.ts";
import { defineOperation } from "./operation.ts";

export const fetch = defineOperation({
  name: "fetch",
  summary: "fetch a base into the store and check it",
  about:
    "Finds a base by its name in the catalogue (or opens a GGUF file or a Hugging Face folder), checks its digest and its family, and says what it is and under which licence.",
  input: z.strictObject({
    base: z.string().describe("a name in the catalogue, a GGUF file, or a Hugging Face folder"),
  }),
  positional: ["base"],
  examples: [
    { line: "sampan fetch smollm2-135m-instruct", does: "the permissive base, 98 MB" },
    { line: "sampan fetch ./my-model/", does: "converts a Hugging Face folder once and keeps it" },
  ],
  async run({ base: name }, context) {
    const base = await openBase(name, intakePlace(context, context.cwd));
    const { config, licence } = base;
    const text = [
      `${base.name} is there: ${base.path}`,
      `  ${config.family}, ${config.layers} layers of width ${config.width}, vocabulary ${config.vocabulary}, ${(base.bytes / 1e6).toFixed(0)} MB`,
      `  sha256 ${base.sha256}`,
      `  licence: ${licence?.name ?? "not stated"}`,
      ...(licence?.notice === undefined ? [] : [`  ${licence.notice}`]),
    ].join("\n");
    return {
      value: { name: base.name, path: base.path, sha256: base.sha256, family: config.family },
      text,
    };
  },
});
