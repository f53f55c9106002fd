interface Point {
  readonly x: number;
  readonly y: number;
  /** Of its label, in pixels. */
  readonly width: number;
}

export interface Place {
  readonly dx: number;
  readonly dy: number;
  readonly anchor: "start" | "end" | "middle";
  /** Far enough from its point to need a line to it. */
  readonly leader: boolean;
}

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const lineHeight = 14;
const gap = 10;

/** Where a label stands when there is no better place. */
export const besidePoint: Place = { dx: gap, dy: 0, anchor: "start", leader: false };

/**
 * Where each label stands so that none lies on another or on a point, if there is such a place: tried
 * beside, above and below the point, then further and further away. A place near the point that crosses
 * none of the `lines` is better still. In the order of the points.
 */
export function placeLabels(
  points: readonly Point[],
  frame: { readonly width: number; readonly height: number },
  lines: readonly Box[] = [],
): Place[] {
  const taken: Box[] = points.map(({ x, y }) => ({
    left: x - 7,
    right: x + 7,
    top: y - 7,
    bottom: y + 7,
  }));
  return points.map((point) => {
    const free = candidates().filter((place) => {
      const box = boxOf(point, place);
      return inside(box, frame) && !taken.some((other) => overlaps(box, other));
    });
    const clear = free.find(
      (place) => !place.leader && !lines.some((line) => overlaps(boxOf(point, place), line)),
    );
    const place = clear ?? free[0] ?? besidePoint;
    taken.push(boxOf(point, place));
    return place;
  });
}

function candidates(): Place[] {
  const places: Place[] = [];
  for (let step = 0; step <= 12; step++) {
    const away = step * lineHeight;
    const leader = step > 1;
    for (const dy of step === 0 ? [-7, 9] : [away, -away]) {
      places.push({ dx: gap, dy, anchor: "start", leader });
      places.push({ dx: -gap, dy, anchor: "end", leader });
      if (step > 0) places.push({ dx: 0, dy: dy + Math.sign(dy) * 2, anchor: "middle", leader });
    }
  }
  return places;
}

function boxOf({ x, y, width }: Point, { dx, dy, anchor }: Place): Box {
  const start = anchor === "start" ? 0 : anchor === "end" ? -width : -width / 2;
  const left = x + dx + start;
  return {
    left,
    right: left + width,
    top: y + dy - lineHeight / 2,
    bottom: y + dy + lineHeight / 2,
  };
}

function inside(box: Box, frame: { readonly width: number; readonly height: number }): boolean {
  return (
    box.left >= 48 &&
    box.right <= frame.width - 2 &&
    box.top >= 24 &&
    box.bottom <= frame.height - 44
  );
}

function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
