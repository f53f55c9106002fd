import { z } from "zod";
import { openBase } from "../../intake/index.ts";
import { describeVocabulary } from "../../vocabulary/index.ts";
import { intakePlace } from "../build/intake-place.ts";
import { defineOperation } from "../operation.ts";
import { corpusTexts } from "./corpus-texts.ts";

export const report = defineOperation({
  name: "vocabulary report",
  summary: "say what a task's text costs under a base's vocabulary, and what trimming would save",
  about:
    "Counts tokens per character and characters that fall back to bytes, and tries a trim that does not see a fifth of the texts: how many of those would be cut as before. Writes nothing.",
  input: z.strictObject({
    base: z.string().describe("a name in the catalogue, a GGUF file, or a Hugging Face folder"),
    task: z.string().optional().describe("path of a task.yaml"),
    corpus: z.array(z.string()).optional().describe("text or .jsonl files"),
  }),
  positional: [],
  examples: [
    {
      line: "sampan vocabulary report --base gemma-3-270m --task task.yaml",
      does: "whether its vocabulary suits the task",
    },
  ],
  async run({ base: name, task, corpus }, context) {
    const texts = await corpusTexts({ task, corpus }, context);
    const base = await openBase(name, intakePlace(context, context.cwd));
    const found = describeVocabulary(base.path, texts);
    const { trimmed } = found;
    const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
    return {
      value: { ...found, trimmed: { ...trimmed }, unwritable: [...found.unwritable] },
      text: [
        `${base.name}: ${found.tokens} tokens; their rows are ${percent(found.headShare)} of what a decoded token reads`,
        `  ${found.texts} texts, ${found.characters} characters, ${found.tokensPerCharacter.toFixed(3)} tokens per character; ${percent(found.byteFallback)} of the texts with a character in bytes`,
        `  trimmed: ${trimmed.tokens} tokens, ${percent(trimmed.readShare)} of the bytes per decoded token`,
        `  of texts that it has not seen, ${percent(trimmed.heldOutSame)} are cut as before, and ${percent(trimmed.heldOutLost)} of their tokens go`,
        ...(found.unwritable.length > 0
          ? [`  the base cannot write: ${found.unwritable.join(", ")}`]
          : []),
      ].join("\n"),
    };
  },
});
