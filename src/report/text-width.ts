/** Columns a text takes on a terminal: wide East Asian characters and emoji two, marks none. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character.codePointAt(0) ?? 0);
  return width;
}

/** At most `columns` columns; what is cut off leaves an ellipsis. */
export function clip(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let kept = "";
  let width = 1;
  for (const character of text) {
    width += characterWidth(character.codePointAt(0) ?? 0);
    if (width > columns) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** At most `columns` columns, cut out of the middle: a chain's last member tells it from others. */
export function clipMiddle(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  const end = Math.floor((columns - 1) / 2);
  let tail = "";
  for (const character of Array.from(text).toReversed()) {
    if (textWidth(character + tail) > end) break;
    tail = character + tail;
  }
  return clip(text, columns - textWidth(tail)) + tail.trimStart();
}

/** Fills with spaces on the right, or on the left for numbers. */
export function pad(text: string, columns: number, side: "left" | "right" = "right"): string {
  const space = " ".repeat(Math.max(0, columns - textWidth(text)));
  return side === "right" ? text + space : space + text;
}

// Ranges of Unicode's East Asian Width W and F (UAX 11) that scripts in use fall into, and emoji.
const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];

function characterWidth(point: number): number {
  if (point < 0x1100) return isMark(point) ? 0 : 1;
  if (point === 0x200b || point === 0x200d || (point >= 0xfe00 && point <= 0xfe0f)) return 0;
  return wide.some(([from, to]) => point >= from && point <= to) ? 2 : 1;
}

/** Combining marks of the Latin, Greek and Cyrillic scripts, and what a terminal does not print. */
function isMark(point: number): boolean {
  return (point >= 0x300 && point <= 0x36f) || point < 0x20 || (point >= 0x7f && point < 0xa0);
}
