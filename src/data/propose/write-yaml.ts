/** Words that YAML would read as something else than text. */
const reserved = /^(true|false|null|yes|no|on|off|y|n|~)$/i;

/** A string as YAML: plain where nothing can be misread, else in double quotes as JSON has them. */
export function yamlText(text: string): string {
  const plain = /^[\p{L}_][\p{L}\p{N}_ ./()-]*$/u.test(text) && !text.endsWith(" ");
  if (plain && !reserved.test(text)) return text;
  // JSON strings are YAML, but for characters that YAML calls unprintable.
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => {
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
    },
  );
}

/** A comment on one line. */
export function yamlComment(text: string): string {
  return `# ${text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ")}`;
}
