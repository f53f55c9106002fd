import type * as PlotModule from "@observablehq/plot";
import { SampanError } from "../kernel/index.ts";
import { Markup, visibleText } from "./markup.ts";

type PlotLibrary = typeof PlotModule;
type PlotOptions = Parameters<PlotLibrary["plot"]>[0];

/** What a picture says to someone who does not see it. */
interface PictureText {
  /** Unique in the document; the title and description take ids from it. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

/** Draws charts: Observable Plot over a document that lives in memory. */
export interface Pen {
  readonly Plot: PlotLibrary;
  /** One SVG as markup: role img, named and described, no style of its own, coordinates rounded. */
  readonly draw: (options: PlotOptions, text: PictureText) => Markup;
}

/** The part of a DOM element that the pen touches; the document is linkedom's. */
interface SvgElement {
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
  readonly outerHTML: string;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  querySelectorAll(selector: string): Iterable<SvgElement>;
  prepend(...nodes: unknown[]): void;
  remove(): void;
}

/** Loads Plot and its document. Throws `dependency-missing` when they are not installed. */
export async function loadPen(): Promise<Pen> {
  const { Plot, linkedom } = await loadLibraries();
  const { document } = linkedom.parseHTML("<!doctype html><html></html>");
  return {
    Plot,
    draw(options, { id, title, description }) {
      const picture = Plot.plot({
        ...options,
        document,
        className: "plot",
      } as PlotOptions) as unknown as SvgElement; // A plot without title or legend is one <svg>.
      for (const style of picture.querySelectorAll("style")) style.remove();
      for (const element of picture.querySelectorAll("*")) tidy(element);
      const [titleElement, descElement] = [
        ["title", title],
        ["desc", description],
      ].map(([name = "", text = ""]) => {
        const element = document.createElementNS("http://www.w3.org/2000/svg", name);
        element.setAttribute("id", `${id}-${name}`);
        element.textContent = text;
        return element;
      });
      picture.prepend(titleElement, descElement);
      picture.setAttribute("role", "img");
      picture.setAttribute("aria-labelledby", `${id}-title ${id}-desc`);
      picture.removeAttribute("font-family");
      return new Markup(visibleText(picture.outerHTML));
    },
  };
}

/** Sub-pixel digits differ between processors' logarithms and only weigh; labels inside are not read. */
function tidy(element: SvgElement): void {
  for (const { name, value } of Array.from(element.attributes)) {
    if (name.startsWith("aria-")) element.removeAttribute(name);
    else if (coordinates.has(name)) {
      const rounded = value.replace(/-?\d+\.\d{3,}/g, (number) => String(round(Number(number))));
      element.setAttribute(name, rounded);
    }
  }
}

const coordinates = new Set(
  "d transform x y x1 y1 x2 y2 cx cy r width height opacity fill-opacity".split(" "),
);

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

async function loadLibraries() {
  try {
    const [Plot, linkedom] = await Promise.all([import("@observablehq/plot"), import("linkedom")]);
    return { Plot, linkedom };
  } catch (cause) {
    throw new SampanError("dependency-missing", "the report's charts need Observable Plot", {
      hint: "npm install @observablehq/plot@0.6.17 linkedom@0.18.15",
      cause,
    });
  }
}
