/**
 * What an answer may look like, character by character. `framing` makes one from a task's output
 * schema; the runtime compiles it to an automaton over tokens.
 */
export type Grammar =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "choice"; readonly options: readonly string[] }
  | { readonly kind: "sequence"; readonly items: readonly Grammar[] }
  | { readonly kind: "alternatives"; readonly items: readonly Grammar[] }
  | { readonly kind: "optional"; readonly item: Grammar }
  | {
      readonly kind: "repeat";
      readonly item: Grammar;
      readonly separator: string;
      readonly min: number;
      readonly max: number;
    }
  | {
      readonly kind: "text";
      readonly encoding: TextEncoding;
      readonly min: number;
      readonly max: number;
      readonly pattern?: string;
    }
  /** A verbatim span of one of the input's texts, in its encoded form. */
  | {
      readonly kind: "span";
      readonly encoding: TextEncoding;
      readonly min: number;
      readonly max: number;
      /** Starts and ends where a word or a number does; a word is settled by how it begins. */
      readonly wholeWords?: boolean;
    }
  | {
      readonly kind: "number";
      readonly minimum: number;
      readonly maximum: number;
      readonly decimals: number;
    };

/**
 * How free text is written inside an answer. `line`: ends at the newline; a backslash and a newline
 * are written `\\` and `\n`. `json`: as inside a JSON string.
 */
export type TextEncoding = "line" | "json";
