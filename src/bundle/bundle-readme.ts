import type { BundleFacts } from "../schema/index.ts";

export const readmeName = "README.md";

/** What a file is, by its name; the first that fits. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [/^licences\//, "a licence text that goes with it"],
  [/^deployment\.json$/, "how it answers: its members, how they work together, the threshold"],
  [/^task\.json$/, "the task: input and output schema, acceptance bar, prices"],
  [/^evaluation\.json$/, "what was measured, and on what"],
  [/^automaton.*\.json$/, "all that an answer may be, over the tokens of the model"],
  [/^classical.*\.json$/, "the classical model"],
  [/^base.*\.gguf$/, "the untouched base: weights and tokenizer"],
  [/\.gguf$/, "the weights, with the tuned adapter merged in, and the tokenizer"],
];

/** The text a person finds in a bundle: what it is, how to run and check it, and whose terms it is under. */
export function bundleReadme(facts: BundleFacts, paths: readonly string[]): string {
  const { task, variant, base, threshold } = facts;
  const lines = [
    `# ${task.name}`,
    "",
    ...(task.about === undefined ? [] : [task.about, ""]),
    `A micro-model packed by ${facts.createdBy}: ${variant.label}${base === undefined ? "" : `, on ${base.name}`}.`,
    "It needs no network. `manifest.json` names every file with its sha256.",
    "",
    "```",
    "sampan verify .                 # every file is here and unchanged",
    "sampan run . '{…}'              # one answer; the input's schema is in task.json",
    "```",
    "",
    ...(threshold === undefined
      ? []
      : [
          `Answers with a confidence below ${threshold.toFixed(3)} are meant to go to a person.`,
          "",
        ]),
    "| file | what it is |",
    "| --- | --- |",
    ...paths.toSorted().map((path) => `| \`${path}\` | ${meaningOf(path)} |`),
    "",
    ...licenceLines(facts),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

function meaningOf(path: string): string {
  return meanings.find(([name]) => name.test(path))?.[1] ?? "";
}

function licenceLines({ licences }: BundleFacts): string[] {
  if (licences.length === 0) return [];
  return [
    "## Licences",
    "",
    ...licences.map(({ covers, id, name }) => `- ${covers}: ${name} (${id})`),
    "",
    ...licences.flatMap(({ notice }) => (notice === undefined ? [] : [notice, ""])),
  ];
}
