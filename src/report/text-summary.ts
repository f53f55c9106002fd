import type { ReportData } from "../schema/index.ts";
export function renderTextSummary(_data: ReportData): string {
  return "";
}
