import type { Tokenizer } from "../schema/index.ts";

/** Prompt: begin-of-text (where the model wants one) and the prompt's text. */
export function encodePrompt(tokenizer: Tokenizer, promptText: string): number[] {
  const ids = tokenizer.encode(promptText);
  return tokenizer.bos === undefined ? ids : [tokenizer.bos, ...ids];
}

/**
 * Ids of a text that goes on after other tokens: their bytes are exactly the text's. SentencePiece
 * vocabularies may put a space before a text that is encoded alone; then it is encoded after a newline.
 */
export function encodeContinuation(tokenizer: Tokenizer, text: string): number[] {
  const alone = tokenizer.encode(text);
  if (spells(tokenizer, alone, text)) return alone;
  const lead = tokenizer.encode("\n");
  const led = tokenizer.encode(`\n${text}`);
  const rest = led.slice(lead.length);
  if (lead.every((id, i) => led[i] === id) && spells(tokenizer, rest, text)) return rest;
  return alone;
}

/**
 * The tokens a model is tuned on and answers with: prompt, then answer, then `eos` (appended by the
 * caller). Tokenised apart, so that a prompt has the same ids whatever its answer.
 */
export function encodeExample(
  tokenizer: Tokenizer,
  promptText: string,
  answerText: string,
): { readonly prompt: number[]; readonly answer: number[] } {
  return {
    prompt: encodePrompt(tokenizer, promptText),
    answer: encodeContinuation(tokenizer, answerText),
  };
}

function spells(tokenizer: Tokenizer, ids: readonly number[], text: string): boolean {
  return Buffer.concat(ids.map((id) => tokenizer.bytes(id))).equals(Buffer.from(text));
}
