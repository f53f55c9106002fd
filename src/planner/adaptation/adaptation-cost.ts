import { gapAfter, meanGap, type LearningCurve } from "./learning-curve.ts";

/** A fleet whose software lags behind the reference. */
export interface LaggingFleet {
  /** 1 - speed over what the reference's software would reach; negative where it is ahead. */
  readonly gap: number;
  /** USD that the fleet costs over `years`. */
  readonly money: number;
  readonly years: number;
  /** USD of one engineer-month. */
  readonly month: number;
  readonly curve: LearningCurve;
}

/** What the gap costs, and what it is worth to close it. */
export interface AdaptationCost {
  /** USD of the fleet's cost that the gap takes when nothing is done but wait. */
  readonly waiting: number;
  /** Engineer-months that cost least in all. */
  readonly effort: number;
  readonly effortCost: number;
  /** USD that the gap takes with that effort. */
  readonly lost: number;
  /** `effortCost + lost`: the adaptation tax in money. */
  readonly total: number;
  /** Gap at the end of the years, with that effort. */
  readonly gapAtEnd: number;
}

/** USD of a fleet's cost that a gap takes over its years, at an effort spent at the start. */
export function moneyLost(fleet: LaggingFleet, effort: number): number {
  return fleet.money * Math.max(0, meanGap(fleet.gap, effort, fleet.years, fleet.curve));
}

/**
 * The cheapest effort: each month costs `c`, and the loss that effort can touch, `V`, falls as `V 2^(-m / E)`. The sum
 * is least where the last month saves what it costs: `m = E log2(V ln 2 / (c E))`, or none when the first saves less.
 */
export function adaptationCost(fleet: LaggingFleet): AdaptationCost {
  const { gap, years, month, curve } = fleet;
  const waiting = moneyLost(fleet, 0);
  const touched =
    waiting - fleet.money * Math.max(0, meanGap(gap, Number.POSITIVE_INFINITY, years, curve));
  const worth = (touched * Math.LN2) / (month * curve.effortHalving);
  const effort = worth > 1 ? curve.effortHalving * Math.log2(worth) : 0;
  const lost = moneyLost(fleet, effort);
  return {
    waiting,
    effort,
    effortCost: effort * month,
    lost,
    total: effort * month + lost,
    gapAtEnd: gapAfter(gap, effort, years, curve),
  };
}
