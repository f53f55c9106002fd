import { bundleParts, type BundleFacts } from "../schema/index.ts";

const meanings: Readonly<Record<string, string>> = {
  [bundleParts.model]: "the weights, with the tuned adapter merged in, and the tokenizer",
  [bundleParts.classifier]: "the classical classifier",
  [bundleParts.tagger]: "the classical tagger",
  [bundleParts.chain]: "which member answers when",
  [bundleParts.calibration]: "how raw confidence becomes probability",
  [bundleParts.task]: "the task: input and output schema, acceptance bar, prices",
  [bundleParts.framing]: "how an input becomes a prompt",
  [bundleParts.automaton]: "what an answer may look like, token by token",
  [bundleParts.evaluation]: "what was measured, and on what",
};

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
    `sampan run . '{…}'              # one answer; the input's schema is in ${bundleParts.task}`,
    "```",
    "",
    ...(threshold === undefined
      ? []
      : [`Answers with a confidence below ${threshold} are meant to go to a person.`, ""]),
    "| file | what it is |",
    "| --- | --- |",
    ...paths.toSorted().map((path) => `| \`${path}\` | ${meaningOf(path)} |`),
    "",
    ...licenceLines(facts),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

function meaningOf(path: string): string {
  if (path.startsWith("licences/")) return "a licence text that goes with it";
  return meanings[path] ?? "";
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
