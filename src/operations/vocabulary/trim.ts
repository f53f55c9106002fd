import { join, relative, resolve } from "node:path";
import { z } from "zod";
import { openBase } from "../../intake/index.ts";
import { keepReasons, trimVocabulary } from "../../vocabulary/index.ts";
import { intakePlace } from "../build/intake-place.ts";
import { defineOperation } from "../operation.ts";
import { corpusTexts } from "./corpus-texts.ts";
import { writeTokenizer } from "./write-tokenizer.ts";

/** The file that the verbs of a vocabulary write. */
export const modelFile = "model.gguf";

export const trim = defineOperation({
  name: "vocabulary trim",
  summary: "keep the tokens that a task needs, drop the rest of a base's vocabulary",
  about:
    "Writes a base whose tokenizer, embedding and head hold only what the task and the corpus are cut into, with the characters and the most frequent tokens of their languages. Text of kept tokens is cut as before; all else stays writable, character by character or byte by byte.",
  input: z.strictObject({
    base: z.string().describe("a name in the catalogue, a GGUF file, or a Hugging Face folder"),
    task: z.string().optional().describe("path of a task.yaml: its schema and records are kept"),
    corpus: z.array(z.string()).optional().describe("text or .jsonl files whose words are kept"),
    reserve: z
      .int()
      .min(0)
      .optional()
      .describe(
        "other spellings and frequent tokens to keep beyond them (default: an eighth of all)",
      ),
    out: z.string().describe("folder for model.gguf, tokenizer.json and tokenizer_config.json"),
  }),
  positional: [],
  examples: [
    {
      line: "sampan vocabulary trim --base gemma-3-270m --task task.yaml --out small",
      does: "a third of the file, and a decoder more than twice as fast",
    },
  ],
  async run({ base: name, task, corpus, reserve, out }, context) {
    const texts = await corpusTexts({ task, corpus }, context);
    const base = await openBase(name, intakePlace(context, context.cwd));
    const folder = resolve(context.cwd, out);
    const path = join(folder, modelFile);
    const start = context.clock();
    const result = trimVocabulary({
      path: base.path,
      digest: base.sha256,
      texts,
      ...(reserve === undefined ? {} : { reserve }),
      out: path,
    });
    writeTokenizer(path);
    const { choice, before, bytesBefore, bytesAfter } = result;
    const seconds = (context.clock() - start) / 1000;
    const share = ((100 * bytesAfter) / bytesBefore).toFixed(0);
    const reasons = keepReasons.map((reason) => `${choice.counts[reason]} ${reason}`).join(", ");
    const shown = relative(context.cwd, path) || path;
    return {
      value: {
        path,
        before,
        after: choice.kept.length,
        counts: { ...choice.counts },
        corpus: { ...choice.corpus },
        bytesBefore,
        bytesAfter,
      },
      text: [
        `${shown}: ${choice.kept.length} of ${before} tokens (${reasons})`,
        `  ${(bytesBefore / 1e6).toFixed(0)} MB became ${(bytesAfter / 1e6).toFixed(0)} MB (${share} %), in ${seconds.toFixed(1)} s`,
        `  ${choice.corpus.texts} texts, ${choice.corpus.tokens} tokens: all cut as before`,
      ].join("\n"),
    };
  },
});
