/**
 * Scripts that write words as runs of letters with something between them. In others (Chinese, Japanese,
 * Thai) a span may begin and end at any character.
 */
const letter =
  /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Georgian}]/u;
const digit = /\p{Nd}/u;
const mark = /\p{M}/u;

/** Whether `span` stands in the text between the edges of words. */
export function standsAsWords(span: string, text: string): boolean {
  const characters = Array.from(text);
  const wanted = Array.from(span);
  return characters.some((_, start) => {
    const end = start + wanted.length;
    return (
      wanted.every((character, i) => characters[start + i] === character) &&
      !isInsideWord(characters[start - 1], characters[start] ?? "") &&
      !isInsideWord(characters[end - 1], characters[end] ?? "")
    );
  });
}

/** Whether the place between two characters is inside a word, a number or a letter with its marks. */
export function isInsideWord(before: string | undefined, after: string): boolean {
  if (before === undefined) return false;
  if (mark.test(after)) return true;
  return (letter.test(before) && letter.test(after)) || (digit.test(before) && digit.test(after));
}
