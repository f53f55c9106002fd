/** Scripts by their share of the world's text; what is in none of them is "Other". */
const names = [
  "Common",
  "Inherited",
  "Latin",
  "Han",
  "Cyrillic",
  "Arabic",
  "Devanagari",
  "Hiragana",
  "Katakana",
  "Hangul",
  "Greek",
  "Hebrew",
  "Thai",
  "Bengali",
  "Tamil",
  "Telugu",
  "Gujarati",
  "Gurmukhi",
  "Kannada",
  "Malayalam",
  "Armenian",
  "Georgian",
  "Khmer",
  "Lao",
  "Myanmar",
  "Sinhala",
  "Tibetan",
  "Ethiopic",
  "Mongolian",
] as const;

const patterns = names.map((name) => new RegExp(`\\p{Script=${name}}`, "u"));
const known = new Map<number, string>();

/** The Unicode script of a character. */
export function scriptOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const found = known.get(code);
  if (found !== undefined) return found;
  const name = names[patterns.findIndex((pattern) => pattern.test(character))] ?? "Other";
  known.set(code, name);
  return name;
}

/** Scripts that common characters (digits, punctuation) belong to whatever the language. */
export const everyLanguage: readonly string[] = ["Common", "Inherited"];

/**
 * Characters of a script to keep however rare in the corpus: the 3,500 of the first level of the table of
 * general standard Chinese characters (2013); KS X 1001 has 2,350 Hangul syllables; alphabets are short.
 */
export function characterFloor(script: string): number {
  return script === "Han" || script === "Hangul" ? 3_500 : 512;
}
