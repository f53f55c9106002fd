import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeText, markup, shorten, visibleText } from "./markup.ts";

test("a template escapes strings and keeps markup", () => {
  const inner = markup`<b>${"<&>\"'"}</b>`;
  expect(markup`<p>${inner}${false}${undefined}${[1, "a"]}</p>`.text).toBe(
    "<p><b>&lt;&amp;&gt;&quot;&#39;</b>1a</p>",
  );
});

test("no string leaves a character that HTML reads as its own", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(escapeText(text)).not.toMatch(/[<>"'\0\u202e]|&(?!(amp|lt|gt|quot|#39);)/);
      expect(escapeText(text).isWellFormed()).toBe(true);
    }),
  );
});

test("what cannot be seen is named", () => {
  expect(visibleText("a\u202eb\u0000\u001b[31m\n\t")).toBe("a⟨U+202E⟩b⟨U+0000⟩⟨U+001B⟩[31m\n\t");
});

test("a cut falls between code points and is counted", () => {
  expect(shorten("abc", 3)).toBe("abc");
  expect(shorten("a😀bc", 2)).toBe("a… (4 more characters)");
});
