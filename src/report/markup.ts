/** Text that is already safe to stand in an HTML document. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What a template may hold: strings and numbers are escaped, markup is not, `false` is nothing. */
export type Fragment = Markup | string | number | false | undefined | readonly Fragment[];

/** Template tag that escapes everything put into it, so that no record can break out of the page. */
export function markup(strings: TemplateStringsArray, ...values: readonly Fragment[]): Markup {
  let text = strings[0] ?? "";
  values.forEach((value, i) => {
    text += render(value) + (strings[i + 1] ?? "");
  });
  return new Markup(text);
}

function render(value: Fragment): string {
  if (value instanceof Markup) return value.text;
  if (value === undefined || value === false) return "";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return escapeText(value);
  return value.map(render).join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Escapes text for HTML content and quoted attributes. Lone surrogates, control characters (but tab
 * and newline) and marks that change the writing direction are shown as their code point instead.
 */
export function escapeText(text: string): string {
  return visibleText(text).replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

/** Replaces what a reader could not see, or what would reorder the text around it. */
export function visibleText(text: string): string {
  return text
    .toWellFormed()
    .replace(invisible, (character) => `\u27e8U+${codePoint(character)}\u27e9`);
}

// C0 and C1 controls but tab and newline; direction marks, embeddings, overrides, isolates; BOM.
// oxlint-disable-next-line no-control-regex
const invisible = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

function codePoint(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}

/** The first `limit` characters, whole code points, with the number of those left out. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept = text.slice(0, limit).replace(/[\ud800-\udbff]$/, "");
  return `${kept}… (${text.length - kept.length} more characters)`;
}
