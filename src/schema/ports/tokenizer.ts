/** A model's tokenizer, as the runtime that will serve it sees it. */
export interface Tokenizer {
  readonly size: number;
  /** Begin-of-text token that a prompt starts with, where the model wants one. */
  readonly bos: number | undefined;
  readonly eos: number;
  /** Ids of plain text; special tokens in the text are not recognised (input is data, not control). */
  encode(text: string): number[];
  /** Ids of a chat-template rendering, where special tokens are control. */
  encodeSpecial(text: string): number[];
  decode(ids: readonly number[]): string;
  /** The bytes a token stands for; empty for control tokens. */
  bytes(id: number): Uint8Array;
  /** The chat template the file carries, if any. */
  readonly chatTemplate: string | undefined;
}
