/** Deepest nest of a data file's JSON: a record needs four levels. */
export const maxJsonDepth = 32;

/**
 * How deep brackets nest in JSON text, strings left aside. Counted before parsing, so that a hostile
 * nest never reaches code that recurses.
 */
export function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (quoted) {
      if (unit === 92 /* \ */) i++;
      else if (unit === 34 /* " */) quoted = false;
    } else if (unit === 34) quoted = true;
    else if (unit === 91 /* [ */ || unit === 123 /* { */) {
      depth++;
      if (depth > deepest) deepest = depth;
    } else if (unit === 93 || unit === 125) depth--;
  }
  return deepest;
}
