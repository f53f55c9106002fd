import { Command, CommanderError, Option } from "commander";
import { z } from "zod";
import { SampanError, suggest } from "../kernel/index.ts";
import { families, type Operation } from "../operations/index.ts";

/** Flags every command has. */
export interface CommonFlags {
  readonly home?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** A command line that was understood: which operation, with which input. */
export interface ParsedCommand {
  readonly operation: Operation;
  readonly input: Readonly<Record<string, unknown>>;
  readonly flags: CommonFlags;
}

interface Output {
  writeOut(text: string): void;
  writeErr(text: string): void;
}

interface FlagSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly items?: { readonly type?: string };
}

/** Parses arguments with commands generated from the operations; undefined when help was shown. */
export function parseCommandLine(
  operations: readonly Operation[],
  args: readonly string[],
  output: Output,
): ParsedCommand | undefined {
  let parsed: ParsedCommand | undefined;
  const program = new Command("sampan")
    .description(
      "From open weights and one bounded task to the micro-model with the lowest cost per correct transaction.",
    )
    .configureOutput({ ...output, outputError: () => undefined })
    .showSuggestionAfterError(false)
    .exitOverride();
  for (const operation of operations) {
    const command = addCommand(parentOf(program, operation, output), operation, output);
    command.action((...given: readonly unknown[]) => {
      const options = command.opts<Record<string, unknown>>();
      const { home, json, quiet, ...rest } = options;
      const positional = operation.positional.map((name, i) => [name, given[i]]);
      const input = {
        ...rest,
        ...Object.fromEntries(positional.filter(([, value]) => value !== undefined)),
      };
      parsed = { operation, input, flags: pickFlags({ home, json, quiet }) };
    });
  }
  program.addHelpText(
    "after",
    `\nA first road:\n  sampan build examples/industry-code/task.yaml\n  sampan help build\n`,
  );
  try {
    program.parse([...args], { from: "user" });
  } catch (cause) {
    if (cause instanceof CommanderError && cause.exitCode === 0) return undefined;
    if (cause instanceof CommanderError) throw explain(cause, args, operations);
    throw cause;
  }
  return parsed;
}

/** Where a command belongs: a verb of two words ("vocabulary trim") stands below its first. */
function parentOf(program: Command, { name }: Operation, output: Output): Command {
  const [family = "", ...rest] = name.split(" ");
  if (rest.length === 0) return program;
  const known = program.commands.find((command) => command.name() === family);
  return (
    known ??
    program
      .command(family)
      .summary(families[family] ?? "")
      .description(families[family] ?? "")
      .configureOutput({ ...output, outputError: () => undefined })
      .showSuggestionAfterError(false)
      .exitOverride()
  );
}

function addCommand(parent: Command, operation: Operation, output: Output): Command {
  const command = parent
    .command(operation.name.split(" ").at(-1) ?? "")
    .summary(operation.summary)
    .description(operation.about)
    .configureOutput({ ...output, outputError: () => undefined })
    .exitOverride();
  // Parser boundary: z.toJSONSchema of an object schema has these members.
  const schema = z.toJSONSchema(operation.input, { io: "input" }) as {
    properties?: Record<string, FlagSchema>;
    required?: readonly string[];
  };
  for (const [name, flag] of Object.entries(schema.properties ?? {})) {
    const isRequired = schema.required?.includes(name) ?? false;
    if (operation.positional.includes(name)) {
      command.argument(isRequired ? `<${name}>` : `[${name}]`, flag.description ?? "");
    } else {
      command.addOption(toOption(name, flag));
    }
  }
  command
    .option(
      "--home <folder>",
      "where store, stages and ledger live (default: .sampan, or SAMPAN_HOME)",
    )
    .option("--json", "print events and result as one JSON object a line")
    .option("--quiet", "print the result alone");
  const examples = operation.examples.map(({ line, does }) => `  ${line}\n      ${does}`);
  if (examples.length > 0) command.addHelpText("after", `\nExamples:\n${examples.join("\n")}\n`);
  return command;
}

function toOption(name: string, flag: FlagSchema): Option {
  const dashed = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const about = flag.description ?? "";
  if (flag.type === "boolean") return new Option(`--${dashed}`, about);
  const isNumber = flag.type === "number" || flag.type === "integer";
  const hint = isNumber ? "number" : (flag.enum?.join("|") ?? flag.items?.type ?? "value");
  const option = new Option(`--${dashed} <${hint}${flag.type === "array" ? "..." : ""}>`, about);
  if (isNumber) option.argParser((given) => parseNumber(dashed, given));
  if (flag.default !== undefined) option.default(flag.default);
  return option;
}

function parseNumber(flag: string, given: string): number {
  const value = Number(given);
  if (given.trim() === "" || !Number.isFinite(value)) {
    throw new SampanError("usage-invalid", `--${flag} wants a number, not "${given}"`, {
      hint: `Write for example --${flag} 2.`,
    });
  }
  return value;
}

function pickFlags(given: Readonly<Record<string, unknown>>): CommonFlags {
  return {
    ...(typeof given["home"] === "string" ? { home: given["home"] } : {}),
    json: given["json"] === true,
    quiet: given["quiet"] === true,
  };
}

function explain(
  cause: CommanderError,
  args: readonly string[],
  operations: readonly Operation[],
): SampanError {
  const text = cause.message.replace(/^error: /, "");
  const names = operations.map(({ name }) => name);
  const words = args.filter((arg) => !arg.startsWith("-"));
  const inFamily = Object.hasOwn(families, words[0] ?? "");
  // "help" before a command that is none ends in commander's help, as a family without its verb does.
  const lostHelp = cause.code === "commander.help" && !inFamily;
  if (cause.code === "commander.unknownCommand" || lostHelp) {
    const asked = words[0] === "help" ? words.slice(1) : words;
    const given = asked.slice(0, Object.hasOwn(families, asked[0] ?? "") ? 2 : 1).join(" ");
    const near = suggest(given, names);
    return new SampanError("usage-invalid", `there is no command "${given}"`, {
      hint:
        near === undefined ? `Commands: ${names.join(", ")}.` : `Did you mean "sampan ${near}"?`,
    });
  }
  if (cause.code === "commander.help") {
    const below = names.filter((name) => name.startsWith(`${words[0] ?? ""} `));
    return new SampanError("usage-invalid", `"sampan ${words[0] ?? ""}" wants a further word`, {
      hint: `Commands: ${below.join(", ")}.`,
    });
  }
  const typed = `${words.join(" ")} `;
  const operation = operations
    .filter(({ name }) => typed.startsWith(`${name} `))
    .reduce<Operation | undefined>(
      (a, b) => (a && a.name.length > b.name.length ? a : b),
      undefined,
    );
  if (cause.code === "commander.unknownOption" && operation) {
    const given = /'(-[^']*)'/.exec(text)?.[1] ?? "";
    const known = [...Object.keys(operation.input.shape), "home", "json", "quiet"].map(
      (name) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    );
    const near = suggest(given, known);
    return new SampanError("usage-invalid", `sampan ${operation.name} has no flag ${given}`, {
      hint: near === undefined ? `See "sampan help ${operation.name}".` : `Did you mean ${near}?`,
    });
  }
  return new SampanError("usage-invalid", text, {
    hint: operation ? `See "sampan help ${operation.name}".` : 'See "sampan help".',
    cause,
  });
}
