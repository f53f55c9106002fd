export { scaleCurve, type ScalePoint } from "./scale-curve.ts";
