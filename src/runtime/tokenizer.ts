import type { Tokenizer } from "../schema/index.ts";
import { loadLlamaCpp, type NativeModel } from "./llama-cpp.ts";
import { ModelHeader } from "./model-header.ts";
import { tokenBytes, vocabularyKinds } from "./token-bytes.ts";

/** Opens the vocabulary of a GGUF file without its weights. */
export async function openTokenizer(path: string): Promise<Tokenizer & AsyncDisposable> {
  const library = await loadLlamaCpp();
  const model = await library.loadModel(path, { vocabularyOnly: true });
  return new LlamaTokenizer(new ModelHeader(path), model);
}

/** llama.cpp's own tokenizer; `dispose` frees the native model it reads. */
export class LlamaTokenizer implements Tokenizer, AsyncDisposable {
  readonly bos: number | undefined;
  readonly eos: number;
  readonly #header: ModelHeader;
  readonly #model: NativeModel;
  readonly #kind: keyof typeof vocabularyKinds;
  readonly #bytes: Uint8Array[] = [];

  constructor(header: ModelHeader, model: NativeModel) {
    this.#header = header;
    this.#model = model;
    this.bos = model.shouldPrependBosToken() ? model.tokenBos() : undefined;
    this.eos = model.tokenEos();
    this.#kind =
      model.getVocabularyType() === vocabularyKinds.sentencePiece ? "sentencePiece" : "byteLevel";
  }

  get size(): number {
    return this.#header.vocabularySize;
  }

  get chatTemplate(): string | undefined {
    return this.#header.chatTemplate;
  }

  /** What the vocabulary calls a token, control tokens too: `<bos>`, for chat templates. */
  nameOf(id: number): string {
    return id >= 0 && id < this.size ? this.#model.getTokenString(id) : "";
  }

  encode(text: string): number[] {
    return [...this.#model.tokenize(text, false)];
  }

  encodeSpecial(text: string): number[] {
    return [...this.#model.tokenize(text, true)];
  }

  decode(ids: readonly number[]): string {
    return Buffer.concat(ids.map((id) => this.bytes(id))).toString("utf8");
  }

  bytes(id: number): Uint8Array {
    const known = this.#bytes[id];
    if (known) return known;
    if (!(id >= 0 && id < this.size)) return new Uint8Array();
    const attributes = this.#model.getTokenAttributes(id);
    const bytes = tokenBytes(this.#kind, this.#model.getTokenString(id), attributes);
    this.#bytes[id] = bytes;
    return bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#model.dispose();
  }
}
