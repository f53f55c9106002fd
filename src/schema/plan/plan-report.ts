import type { Term } from "./term.ts";

/** What the HTML page of a plan shows; charts are data, so that any part of the planner can fill them. */
export interface PlanReport {
  readonly title: string;
  /** The answer in a sentence or two. */
  readonly answer: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly charts: readonly PlanChart[];
  /** Root of the explanation; all of it is printed with its constants. */
  readonly term?: Term | undefined;
  readonly sampanVersion: string;
  /** Day on which the page was made. */
  readonly date: string;
}

export type PlanChart = BarChart | LineChart | DotChart;

interface ChartText {
  readonly heading: string;
  /** What it shows, in a sentence; also said to those who do not see it. */
  readonly caption: string;
}

/** Parts of a whole, one under the other: a waterfall where `stacked`, side by side else. */
export interface BarChart extends ChartText {
  readonly kind: "bars";
  readonly unit: string;
  readonly stacked: boolean;
  readonly bars: readonly {
    readonly label: string;
    readonly value: number;
    readonly text: string;
  }[];
}

export interface ChartAxis {
  readonly label: string;
  readonly log: boolean;
}

export interface LineChart extends ChartText {
  readonly kind: "lines";
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  readonly series: readonly {
    readonly name: string;
    readonly points: readonly {
      readonly x: number;
      readonly y: number;
      /** Ends of an interval, drawn as a band. */
      readonly low?: number | undefined;
      readonly high?: number | undefined;
    }[];
  }[];
}

export interface DotChart extends ChartText {
  readonly kind: "dots";
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  /** Draws the line on which both axes are equal. */
  readonly diagonal: boolean;
  readonly dots: readonly {
    readonly x: number;
    readonly y: number;
    readonly label: string;
    /** Named beside its dot. */
    readonly named: boolean;
    readonly group?: string | undefined;
  }[];
}
