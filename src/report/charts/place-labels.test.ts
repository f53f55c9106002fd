import fc from "fast-check";
import { expect, test } from "vitest";
import { placeLabels, type Place } from "./place-labels.ts";

const frame = { width: 960, height: 440 };
const height = 14;

function box(point: { x: number; y: number; width: number }, { dx, dy, anchor }: Place) {
  const start = anchor === "start" ? 0 : anchor === "end" ? -point.width : -point.width / 2;
  const left = point.x + dx + start;
  const top = point.y + dy - height / 2;
  return { left, right: left + point.width, top, bottom: top + height };
}

test("a lone label stands beside its point", () => {
  const [place] = placeLabels([{ x: 400, y: 200, width: 80 }], frame);
  expect(place).toMatchObject({ anchor: "start", leader: false });
});

test("labels of a dozen points do not lie on each other", () => {
  const point = fc.record({
    x: fc.integer({ min: 200, max: 760 }),
    y: fc.integer({ min: 100, max: 340 }),
    width: fc.integer({ min: 40, max: 140 }),
  });
  fc.assert(
    fc.property(fc.array(point, { minLength: 2, maxLength: 8 }), (points) => {
      const boxes = placeLabels(points, frame).map((place, i) => {
        const at = points[i];
        return at === undefined ? undefined : box(at, place);
      });
      const clashes = boxes.flatMap((a, i) =>
        boxes.slice(i + 1).filter((b) => {
          if (a === undefined || b === undefined) return false;
          return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
        }),
      );
      expect(clashes).toEqual([]);
    }),
  );
});

test("many points on one spot still get a place each", () => {
  const points = Array.from({ length: 60 }, () => ({ x: 400, y: 200, width: 100 }));
  expect(placeLabels(points, frame)).toHaveLength(60);
});
