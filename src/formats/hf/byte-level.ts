import type { GgufValue } from "../gguf/value.ts";
import { refuse } from "./config-file.ts";
import type { ModelFolder } from "./folder.ts";
import { flatten, patternOf, type TokenizerFile } from "./tokenizer-file.ts";
import { preTokenizers, type PreTokenizer } from "../pre-tokenizers.ts";
import { readMerges } from "./vocabulary.ts";

/** Whether the tokenizer works on bytes spelled as letters (GPT-2's way). */
export function isByteLevel(file: TokenizerFile): boolean {
  return flatten(file.pre_tokenizer).some(({ type }) => type === "ByteLevel");
}

/** Metadata of a byte-level tokenizer beyond tokens and types; `base-unsupported` for an unknown split. */
export function byteLevelMetadata(folder: ModelFolder, file: TokenizerFile): [string, GgufValue][] {
  const merges = readMerges(folder, file).map(([left, right]) => {
    if (left.includes(" ") || right.includes(" ")) {
      throw refuse(folder, "merges with spaces in a byte-level tokenizer");
    }
    return `${left} ${right}`;
  });
  return [
    ["tokenizer.ggml.model", { kind: "text", value: "gpt2" }],
    ["tokenizer.ggml.pre", { kind: "text", value: detectPreTokenizer(folder, file) }],
    ["tokenizer.ggml.merges", { kind: "array", element: "text", value: merges }],
    ["tokenizer.ggml.add_space_prefix", { kind: "bool", value: false }],
  ];
}

function detectPreTokenizer(folder: ModelFolder, file: TokenizerFile): string {
  for (const step of flatten(file.normalizer)) {
    // llama.cpp does not normalize; NFC leaves text that is in NFC already, which nearly all is.
    if (step.type !== "NFC") throw refuse(folder, `the tokenizer's normalizer ${step.type}`);
  }
  const steps = flatten(file.pre_tokenizer).map(describeStep).join(" ");
  const wholeWords = file.model.ignore_merges === true;
  const found = preTokenizers.find(
    (known) => spellSteps(known) === steps && (known.wholeWords ?? wholeWords) === wholeWords,
  );
  if (found !== undefined) return found.pre;
  throw refuse(
    folder,
    `the tokenizer splits text in a way that is not known here (${steps}); known are ${preTokenizers.map(({ pre }) => pre).join(", ")}`,
  );
}

/** A known way of splitting as `describeStep` would spell a file's steps. */
function spellSteps({ steps }: PreTokenizer): string {
  const spelled = steps.map((step) => {
    if (step.kind === "pattern") return `split:${step.pattern} bytes`;
    return step.kind === "digits" ? "digits:each" : "bytes:words";
  });
  return spelled.join(" ");
}

function describeStep(step: ReturnType<typeof flatten>[number]): string {
  switch (step.type) {
    case "ByteLevel": {
      const prefix = step["add_prefix_space"] === true ? ":prefix" : "";
      return `bytes${step["use_regex"] === false ? "" : ":words"}${prefix}`;
    }
    case "Digits":
      return step["individual_digits"] === true ? "digits:each" : "digits:runs";
    case "Split":
      return step["behavior"] === "Isolated" && step["invert"] !== true
        ? `split:${patternOf(step)}`
        : `split:${String(step["behavior"])}:${patternOf(step)}`;
    default:
      return step.type;
  }
}
