import { join, relative, resolve } from "node:path";
import { z } from "zod";
import { openBase } from "../../intake/index.ts";
import { SampanError } from "../../kernel/index.ts";
import { extendVocabulary } from "../../vocabulary/index.ts";
import { intakePlace } from "../build/intake-place.ts";
import { defineOperation } from "../operation.ts";
import { corpusTexts } from "./corpus-texts.ts";
import { modelFile } from "./trim.ts";
import { writeTokenizer } from "./write-tokenizer.ts";

export const extend = defineOperation({
  name: "vocabulary extend",
  summary: "add tokens for a corpus that a base's vocabulary cuts finely",
  about:
    "Learns merges on the corpus, adds the tokens that save more decoding steps than their rows cost, and starts each new row as the mean of the rows that it replaces. Text without a new token is cut as before.",
  input: z.strictObject({
    base: z.string().describe("a name in the catalogue, a GGUF file, or a Hugging Face folder"),
    task: z.string().optional().describe("path of a task.yaml, whose records are read too"),
    corpus: z.array(z.string()).optional().describe("text or .jsonl files to learn from"),
    add: z.string().default("auto").describe("how many tokens, or auto: as many as pay"),
    out: z.string().describe("folder for model.gguf, tokenizer.json and tokenizer_config.json"),
  }),
  positional: [],
  examples: [
    {
      line: "sampan vocabulary extend --base smollm2-135m-instruct --corpus zh.jsonl --out wider",
      does: "Chinese text in half the tokens",
    },
  ],
  async run({ base: name, task, corpus, add, out }, context) {
    const count = readCount(add);
    const texts = await corpusTexts({ task, corpus }, context);
    const base = await openBase(name, intakePlace(context, context.cwd));
    const path = join(resolve(context.cwd, out), modelFile);
    const start = context.clock();
    const result = extendVocabulary({ path: base.path, texts, add: count, out: path });
    writeTokenizer(path);
    const { additions, before, tokensBefore, tokensAfter, characters, reason } = result;
    const { bytesBefore, bytesAfter } = result;
    const seconds = (context.clock() - start) / 1000;
    const per = (tokens: number): string => (tokens / Math.max(1, characters)).toFixed(3);
    const shown = relative(context.cwd, path) || path;
    return {
      value: {
        path,
        before,
        after: before + additions.length,
        characters,
        tokensBefore,
        tokensAfter,
        bytesBefore,
        bytesAfter,
      },
      text: [
        `${shown}: ${additions.length} tokens added to ${before} (${reason})`,
        `  ${per(tokensBefore)} tokens per character became ${per(tokensAfter)} on the corpus itself`,
        `  ${(bytesBefore / 1e6).toFixed(0)} MB became ${(bytesAfter / 1e6).toFixed(0)} MB, in ${seconds.toFixed(1)} s`,
      ].join("\n"),
    };
  },
});

function readCount(add: string): number | "auto" {
  if (add === "auto") return "auto";
  const count = Number(add);
  if (Number.isInteger(count) && count > 0) return count;
  throw new SampanError("usage-invalid", `--add wants auto or a whole number, not "${add}"`, {
    hint: "Write for example --add 2048.",
  });
}
