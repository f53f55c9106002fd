/**
 * GPT-2's map of bytes to printable characters: printable Latin-1 stands for itself, the others are
 * moved, in order, to U+0100 and up (openai/gpt-2, src/encoder.py).
 */
export const letterOfByte: readonly string[] = listLetters();

/** The byte that each of the 256 letters stands for. */
export const byteOfLetter: ReadonlyMap<string, number> = new Map(
  letterOfByte.map((letter, byte) => [letter, byte]),
);

function listLetters(): string[] {
  let moved = 0;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable =
      (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    return String.fromCodePoint(printable ? byte : 0x100 + moved++);
  });
}
