import type { JsonObject } from "./json.ts";

/** What an operation tells while it works. The command line draws them; `--json` prints them. */
export type SampanEvent =
  | { readonly kind: "plan"; readonly lines: readonly string[] }
  | { readonly kind: "stage-start"; readonly stage: string; readonly about: string }
  | {
      readonly kind: "stage-delta";
      readonly stage: string;
      readonly done: number;
      readonly total: number;
      readonly unit: string;
      readonly note?: string;
    }
  | {
      readonly kind: "stage-end";
      readonly stage: string;
      readonly cached: boolean;
      readonly seconds: number;
      readonly summary: string;
    }
  | { readonly kind: "note"; readonly text: string }
  | { readonly kind: "warning"; readonly text: string }
  | { readonly kind: "result"; readonly value: JsonObject };

export type Emit = (event: SampanEvent) => void;
