import type { Architecture, LayerGroup } from "../../schema/index.ts";

/** Where a rank's share of the model sits in the pipeline. */
export type StagePlace = "first" | "middle" | "last" | "only";

/**
 * Layers of one stage. Models whose first few layers are dense and the others sparse (DeepSeek) keep that order, so
 * that their first stage is lighter; the layers of others are spread evenly.
 */
export function stageLayers(
  model: Architecture,
  pipeline: number,
  place: StagePlace,
): readonly LayerGroup[] {
  const perStage = model.groups.reduce((sum, { count }) => sum + count, 0) / pipeline;
  const [head, ...rest] = model.groups;
  const isOrdered =
    pipeline > 1 &&
    head !== undefined &&
    rest.length > 0 &&
    head.feedForward.kind === "dense" &&
    head.count < perStage &&
    rest.every(({ feedForward }) => feedForward.kind === "experts");
  if (!isOrdered) return model.groups.map((group) => ({ ...group, count: group.count / pipeline }));
  const sparse = rest.reduce((sum, { count }) => sum + count, 0);
  const kept = place === "first" ? perStage - head.count : perStage;
  return [
    ...(place === "first" ? [head] : []),
    ...rest.map((group) => ({ ...group, count: (group.count / sparse) * kept })),
  ];
}
