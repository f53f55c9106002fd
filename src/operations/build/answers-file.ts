import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "../../disk/index.ts";
import { canonicalJson, type JsonObject } from "../../kernel/index.ts";
import type { Answer, TaskRecord } from "../../schema/index.ts";

const fileName = "answers.jsonl";

/** What a variant said to the records of each split; times are kept apart from the digest. */
export interface KeptAnswers {
  readonly validation: readonly Answer[];
  readonly test: readonly Answer[];
}

type AnswerLine = Omit<Answer, "milliseconds" | "output"> & {
  readonly id: string;
  readonly split: "validation" | "test";
  readonly output: JsonObject | null;
};

/** Writes answers without their times, so that the same answers are the same bytes. */
export function writeAnswers(
  folder: string,
  records: { readonly validation: readonly TaskRecord[]; readonly test: readonly TaskRecord[] },
  answers: KeptAnswers,
): void {
  const lines = (["validation", "test"] as const).flatMap((split) =>
    answers[split].map((answer, i) => {
      const { output, confidence, options, tokensIn, tokensOut } = answer;
      const id = records[split][i]?.id ?? "";
      return `${canonicalJson({ id, split, output: output ?? null, confidence, tokensIn, tokensOut, ...(options && { options }) })}\n`;
    }),
  );
  writeAtomically(join(folder, fileName), lines);
}

/** Reads answers back and gives them the times measured beside them. */
export function readAnswers(folder: string, milliseconds: number): KeptAnswers {
  const lines = readFileSync(join(folder, fileName), "utf8").split("\n").filter(Boolean);
  // Parser boundary: only writeAnswers writes the file, and the store checks its size.
  const parsed = lines.map((line) => JSON.parse(line) as AnswerLine);
  const pick = (wanted: string): Answer[] =>
    parsed
      .filter(({ split }) => split === wanted)
      .map(({ output, confidence, options, tokensIn, tokensOut }) => ({
        output: output ?? undefined,
        confidence,
        ...(options === undefined ? {} : { options }),
        tokensIn,
        tokensOut,
        milliseconds,
      }));
  return { validation: pick("validation"), test: pick("test") };
}
