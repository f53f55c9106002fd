import { letterOfByte, tokenType, type GgufValue } from "../src/formats/index.ts";
import { Random } from "../src/kernel/index.ts";

/** Token tables of a small vocabulary, as a GGUF file holds them. */
export interface ToyTokens {
  readonly metadata: Map<string, GgufValue>;
  readonly tokens: readonly string[];
}

const control = ["<pad>", "<eos>", "<bos>", "<unused0>", "<unused1>"];
const byteNames = Array.from(
  { length: 256 },
  (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`,
);

/** SentencePiece-style: scored pieces over an alphabet, some made by chance. */
export function toySentencePiece(
  pieces: readonly string[],
  seed = 1,
  alphabet = "\u2581abcdehnt.,中国人",
): ToyTokens {
  const random = new Random(seed, "toy-pieces");
  const wanted = new Set([...pieces, ...chancePieces(random, Array.from(alphabet))]);
  for (const letter of alphabet) wanted.delete(letter);
  const learned = [...wanted];
  const tokens = [
    ...control,
    "<unk>",
    ...byteNames,
    "\n",
    "  ",
    ...learned,
    ...Array.from(alphabet),
  ];
  const types = tokens.map((token, id) => {
    if (id < control.length) return tokenType.control;
    if (token === "<unk>") return tokenType.unknown;
    if (byteNames.includes(token)) return tokenType.byte;
    return token === "\n" || token === "  " ? tokenType.userDefined : tokenType.normal;
  });
  const first = tokens.length - learned.length - Array.from(alphabet).length;
  const scores = tokens.map((_, id) => (id < first ? 0 : first - id));
  const metadata = tables("llama", "default", tokens, types);
  metadata.set("tokenizer.ggml.scores", { kind: "array", element: "f32", value: scores });
  metadata.set("tokenizer.ggml.unknown_token_id", { kind: "u32", value: control.length });
  metadata.set("tokenizer.ggml.add_space_prefix", { kind: "bool", value: false });
  return { metadata, tokens };
}

/** Byte-level: merges of letters into the given words (in the table's spelling) and some made by chance. */
export function toyByteLevel(words: readonly string[], seed = 1, pre = "smollm"): ToyTokens {
  const random = new Random(seed, "toy-merges");
  const known = new Set<string>(letterOfByte);
  const merges: string[] = [];
  const join = (left: string, right: string): string => {
    if (!merges.includes(`${left} ${right}`)) merges.push(`${left} ${right}`);
    known.add(left + right);
    return left + right;
  };
  for (const word of words) {
    const [first = "", ...rest] = Array.from(word);
    rest.reduce((left, right) => join(left, right), first);
  }
  const short = Array.from("Ġabcdehnt");
  for (let i = 0; i < 60; i++) {
    const left = short[random.below(short.length)] ?? "";
    const right = short[random.below(short.length)] ?? "";
    if ((left + right).length <= 5) short.push(join(left, right));
  }
  const tokens = [...control, ...known];
  const types = tokens.map((_, id) => (id < control.length ? tokenType.control : tokenType.normal));
  const metadata = tables("gpt2", pre, tokens, types);
  metadata.set("tokenizer.ggml.merges", { kind: "array", element: "text", value: merges });
  return { metadata, tokens };
}

function tables(
  model: string,
  pre: string,
  tokens: readonly string[],
  types: readonly number[],
): Map<string, GgufValue> {
  return new Map<string, GgufValue>([
    ["tokenizer.ggml.model", { kind: "text", value: model }],
    ["tokenizer.ggml.pre", { kind: "text", value: pre }],
    ["tokenizer.ggml.tokens", { kind: "array", element: "text", value: tokens }],
    ["tokenizer.ggml.token_type", { kind: "array", element: "i32", value: types }],
    ["tokenizer.ggml.padding_token_id", { kind: "u32", value: 0 }],
    ["tokenizer.ggml.eos_token_id", { kind: "u32", value: 1 }],
    ["tokenizer.ggml.bos_token_id", { kind: "u32", value: 2 }],
  ]);
}

function chancePieces(random: Random, alphabet: readonly string[]): string[] {
  return Array.from({ length: 80 }, () => {
    const length = 2 + random.below(3);
    const letters = Array.from({ length }, () => alphabet[random.below(alphabet.length)] ?? "");
    return letters.join("");
  });
}
