import { z } from "zod";
import { readJsonFile, requireJsonFile, type ModelFolder } from "./folder.ts";

const addedTokenSchema = z.looseObject({
  id: z
    .int()
    .min(0)
    .max(2 ** 24),
  content: z.string(),
  special: z.boolean().default(false),
});

/** Parts whose form depends on their type; read where they are understood. */
const partSchema: z.ZodType<TokenizerPart> = z.lazy(() =>
  z.looseObject({
    type: z.string(),
    normalizers: z.array(partSchema).optional(),
    pretokenizers: z.array(partSchema).optional(),
    processors: z.array(partSchema).optional(),
  }),
);

/** One step of a tokenizer: a normalizer, a pre-tokenizer or a post-processor. */
export interface TokenizerPart {
  readonly type: string;
  readonly normalizers?: readonly TokenizerPart[] | undefined;
  readonly pretokenizers?: readonly TokenizerPart[] | undefined;
  readonly processors?: readonly TokenizerPart[] | undefined;
  readonly [key: string]: unknown;
}

const tokenizerSchema = z.looseObject({
  added_tokens: z.array(addedTokenSchema).default([]),
  normalizer: partSchema.nullish(),
  pre_tokenizer: partSchema.nullish(),
  post_processor: partSchema.nullish(),
  model: z.looseObject({
    type: z.string().default("BPE"),
    vocab: z.record(
      z.string(),
      z
        .int()
        .min(0)
        .max(2 ** 24),
    ),
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])).default([]),
    unk_token: z.string().nullish(),
    byte_fallback: z.boolean().nullish(),
    ignore_merges: z.boolean().nullish(),
  }),
});

export type TokenizerFile = z.output<typeof tokenizerSchema>;

const tokenText = z.union([z.string(), z.looseObject({ content: z.string() })]).nullish();
const tokenizerConfigSchema = z.looseObject({
  bos_token: tokenText,
  eos_token: tokenText,
  unk_token: tokenText,
  pad_token: tokenText,
  add_bos_token: z.boolean().nullish(),
  add_eos_token: z.boolean().nullish(),
  chat_template: z
    .union([z.string(), z.array(z.looseObject({ name: z.string(), template: z.string() }))])
    .nullish(),
});

export type TokenizerConfig = z.output<typeof tokenizerConfigSchema>;

/** tokenizer.json, which the folder must have. */
export function readTokenizerFile(folder: ModelFolder): TokenizerFile {
  return requireJsonFile(folder, "tokenizer.json", tokenizerSchema);
}

/** tokenizer_config.json, completed by special_tokens_map.json; both may be missing. */
export function readTokenizerConfig(folder: ModelFolder): TokenizerConfig {
  const special = readJsonFile(folder, "special_tokens_map.json", tokenizerConfigSchema) ?? {};
  const config = readJsonFile(folder, "tokenizer_config.json", tokenizerConfigSchema) ?? {};
  const stated = Object.entries(config).filter(([, value]) => value !== null);
  return { ...special, ...Object.fromEntries(stated) };
}

/** The steps of a part, with sequences taken apart. */
export function flatten(part: TokenizerPart | null | undefined): readonly TokenizerPart[] {
  if (part === null || part === undefined) return [];
  const inner = part.normalizers ?? part.pretokenizers ?? part.processors;
  return part.type === "Sequence" && inner !== undefined ? inner.flatMap(flatten) : [part];
}

/** The pattern of a Split or Replace step, whether a regular expression or plain text. */
export function patternOf(part: TokenizerPart): string {
  const { pattern } = part;
  if (typeof pattern !== "object" || pattern === null) return "";
  if ("Regex" in pattern && typeof pattern.Regex === "string") return pattern.Regex;
  return "String" in pattern && typeof pattern.String === "string" ? pattern.String : "";
}
