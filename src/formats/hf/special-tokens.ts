import type { GgufValue } from "../gguf/value.ts";
import type { ModelFileConfig } from "./config-file.ts";
import { readJsonFile, type ModelFolder } from "./folder.ts";
import { z } from "zod";
import {
  flatten,
  type TokenizerConfig,
  type TokenizerFile,
  type TokenizerPart,
} from "./tokenizer-file.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** Ids of the special tokens, whether texts start and end with them, and the chat template. */
export function specialTokenMetadata(
  folder: ModelFolder,
  file: TokenizerFile,
  settings: TokenizerConfig,
  model: ModelFileConfig,
  vocabulary: Vocabulary,
): [string, GgufValue][] {
  const ids = new Map(vocabulary.tokens.map((token, id) => [token, id]));
  const idOf = (kind: "bos" | "eos" | "pad" | "unk"): number | undefined => {
    const stated = settings[`${kind}_token`] ?? undefined;
    const text = typeof stated === "string" ? stated : stated?.content;
    const byText = text === undefined ? undefined : ids.get(text);
    if (byText !== undefined || kind === "unk") return byText;
    const number = model[`${kind}_token_id`] ?? undefined;
    const first = typeof number === "number" ? number : number?.[0];
    return first !== undefined && first >= 0 && first < ids.size ? first : undefined;
  };
  const [bos, eos, unknown, pad] = [idOf("bos"), idOf("eos"), idOf("unk"), idOf("pad")];
  const entries: [string, GgufValue][] = [];
  const put = (key: string, id: number | undefined): void => {
    if (id !== undefined) entries.push([`tokenizer.ggml.${key}`, { kind: "u32", value: id }]);
  };
  put("bos_token_id", bos);
  put("eos_token_id", eos);
  put("unknown_token_id", unknown);
  put("padding_token_id", pad);
  const ends = textEnds(file, settings, bos, eos, ids);
  entries.push(["tokenizer.ggml.add_bos_token", { kind: "bool", value: ends.starts }]);
  entries.push(["tokenizer.ggml.add_eos_token", { kind: "bool", value: ends.ends }]);
  const template = chatTemplate(folder, settings);
  if (template !== undefined) {
    entries.push(["tokenizer.chat_template", { kind: "text", value: template }]);
  }
  return entries;
}

/** What the post-processor adds around a text; the settings' word where there is none. */
function textEnds(
  file: TokenizerFile,
  settings: TokenizerConfig,
  bos: number | undefined,
  eos: number | undefined,
  ids: ReadonlyMap<string, number>,
): { starts: boolean; ends: boolean } {
  const template = flatten(file.post_processor).find(({ type }) => type === "TemplateProcessing");
  if (template === undefined) {
    const starts = bos !== undefined && settings.add_bos_token === true;
    return { starts, ends: eos !== undefined && settings.add_eos_token === true };
  }
  const pieces = templatePieces(template);
  const at = (index: number): number | undefined => ids.get(pieces.at(index) ?? "");
  return {
    starts: bos !== undefined && at(0) === bos,
    ends: eos !== undefined && pieces.length > 1 && at(-1) === eos,
  };
}

const pieceSchema = z.union([
  z.looseObject({ SpecialToken: z.looseObject({ id: z.string() }) }),
  z.looseObject({ Sequence: z.unknown() }),
]);

/** Texts of the special tokens of the template for one text, "" where the text itself stands. */
function templatePieces(template: TokenizerPart): string[] {
  const parsed = z.array(pieceSchema).safeParse(template["single"]);
  if (!parsed.success) return [];
  return parsed.data.map((piece) =>
    "SpecialToken" in piece ? (piece as { SpecialToken: { id: string } }).SpecialToken.id : "",
  );
}

function chatTemplate(folder: ModelFolder, settings: TokenizerConfig): string | undefined {
  const alone = folder.text("chat_template.jinja");
  if (alone !== undefined) return alone;
  const stated = settings.chat_template ?? undefined;
  if (typeof stated === "string") return stated;
  if (stated !== undefined) return stated.find(({ name }) => name === "default")?.template;
  const file = z.looseObject({ chat_template: z.string().optional() });
  return readJsonFile(folder, "chat_template.json", file)?.chat_template;
}
