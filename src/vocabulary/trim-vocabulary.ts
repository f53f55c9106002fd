import { statSync } from "node:fs";
import { openByteFile } from "../disk/index.ts";
import { openGguf } from "../formats/index.ts";
import { SampanError } from "../kernel/index.ts";
import { chooseTokens, type TokenChoice } from "./choose-tokens.ts";
import { Encoder } from "./encoder.ts";
import { readTokenTable } from "./token-table.ts";
import { trimFile } from "./trim-file.ts";

export interface TrimVocabularyRequest {
  /** GGUF file of the base. */
  readonly path: string;
  readonly digest: string;
  /** All texts that must keep their segmentation; asked for twice, and must be the same both times. */
  readonly texts: () => Iterable<string>;
  readonly reserve?: number;
  readonly out: string;
}

export interface TrimmedVocabulary {
  readonly choice: TokenChoice;
  /** Tokens of the base. */
  readonly before: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

/**
 * Writes the base with the vocabulary that its texts need, then reads it back and proves that each text is
 * cut as before. Errors as of `readTokenTable` and `chooseTokens`.
 */
export function trimVocabulary(request: TrimVocabularyRequest): TrimmedVocabulary {
  const { path, digest, texts, reserve, out } = request;
  using source = openByteFile(path);
  const file = openGguf(source);
  const encoder = new Encoder(readTokenTable(file));
  const choice = chooseTokens(encoder, {
    metadata: file.metadata,
    texts: texts(),
    ...(reserve === undefined ? {} : { reserve }),
  });
  trimFile({ file, digest, kept: choice.kept, out });
  proveSame(encoder, out, choice.kept, texts());
  return {
    choice,
    before: encoder.table.tokens.length,
    bytesBefore: source.size,
    bytesAfter: statSync(out).size,
  };
}

/** Holds by construction; a difference would mean a defect here, and the file must not be used. */
function proveSame(before: Encoder, out: string, kept: Int32Array, texts: Iterable<string>): void {
  using written = openByteFile(out);
  const after = new Encoder(readTokenTable(openGguf(written)));
  for (const text of texts) {
    const [old, now] = [before.encode(text), after.encode(text)];
    if (old.length === now.length && old.every((id, i) => id === kept[now[i] ?? -1])) continue;
    throw new SampanError(
      "internal",
      `${out} cuts ${JSON.stringify(text.slice(0, 60))} otherwise`,
      {
        hint: "This is a defect in Sampan; please report it with the command you ran. Go on with `vocabulary: keep`.",
      },
    );
  }
}
