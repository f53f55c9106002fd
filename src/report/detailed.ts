import type { Assessment, ReportData } from "../schema/index.ts";

/** The variant that the detailed sections describe: the one named, the winner, or the cheapest. */
export function detailedAssessment(data: ReportData): Assessment | undefined {
  const { assessments, winner } = data.selection;
  const named = assessments.find(({ variant }) => variant.id === (data.detailed ?? winner));
  return named ?? [...assessments].sort(byCost)[0];
}

/** The assessment of the winning variant, when one passed. */
export function winningAssessment(data: ReportData): Assessment | undefined {
  const { assessments, winner } = data.selection;
  return assessments.find(({ variant }) => variant.id === winner);
}

/** Cheapest first; a cost that is not finite last; ties by id. */
export function byCost(a: Assessment, b: Assessment): number {
  const [x, y] = [finiteCost(a), finiteCost(b)];
  if (x !== y) return x - y;
  return a.variant.id < b.variant.id ? -1 : 1;
}

function finiteCost({ cost }: Assessment): number {
  return Number.isFinite(cost.value) ? cost.value : Number.MAX_VALUE;
}

/** The same report with variants named as at the start of a sentence: they head rows and headlines. */
export function capitaliseLabels(data: ReportData): ReportData {
  const assessments = data.selection.assessments.map((a) => ({
    ...a,
    variant: { ...a.variant, label: capitalise(a.variant.label) },
  }));
  return { ...data, selection: { ...data.selection, assessments } };
}

/** A first letter of the Latin alphabet in upper case; other scripts as they are. */
export function capitalise(text: string): string {
  return text.replace(/^[a-z]/, (letter) => letter.toUpperCase());
}
