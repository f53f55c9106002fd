import type { Precision } from "../schema/index.ts";

/** A precision a file can be written at; `F32` is for checks and intermediate files. */
export type FilePrecision = Precision | "F32";

interface PrecisionRow {
  /** `general.file_type`. Source: enum llama_ftype in llama.cpp's include/llama.h. */
  readonly fileType: number;
  /** What a matrix is stored in unless a rule says otherwise. */
  readonly encoding: string;
  /** The M mixes give some value and down projections more bits. */
  readonly mixes: boolean;
}

/** Source of the default encodings: llama_ftype_get_default_type in llama.cpp's src/llama-quant.cpp. */
export const precisions: Readonly<Record<FilePrecision, PrecisionRow>> = {
  F32: { fileType: 0, encoding: "F32", mixes: false },
  F16: { fileType: 1, encoding: "F16", mixes: false },
  Q8_0: { fileType: 7, encoding: "Q8_0", mixes: false },
  Q6_K: { fileType: 18, encoding: "Q6_K", mixes: false },
  Q5_K_M: { fileType: 17, encoding: "Q5_K", mixes: true },
  Q4_K_M: { fileType: 15, encoding: "Q4_K", mixes: true },
  Q4_1: { fileType: 3, encoding: "Q4_1", mixes: false },
  Q4_0: { fileType: 2, encoding: "Q4_0", mixes: false },
};
