import { sha256 } from "../src/kernel/index.ts";
import type { Mistake, ReportData, VariantName } from "../src/schema/index.ts";

/** What a made-up variant should look like. */
export interface Sketch {
  readonly id: string;
  readonly label: string;
  readonly kind: VariantName["kind"];
  readonly records: number;
  readonly accuracy: number;
  /** Centre of the log-odds of its confidence when it is right. */
  readonly sure: number;
  readonly rate: number;
  readonly p50: number;
  readonly p95: number;
  readonly memory: number | undefined;
  readonly cpu: number | undefined;
  readonly joules: number | undefined;
  readonly file: number | undefined;
}

function sketch(
  [id, label, kind]: readonly [string, string, VariantName["kind"]],
  [records, accuracy, sure]: readonly [number, number, number],
  [rate, p50, p95]: readonly [number, number, number],
  [memory, cpu, joules, file]: readonly (number | undefined)[],
): Sketch {
  return { id, label, kind, records, accuracy, sure, rate, p50, p95, memory, cpu, joules, file };
}

const gb = 1e9;
const mb = 1e6;

export const codeVariants: readonly Sketch[] = [
  sketch(
    ["chain:tf-idf+tuned-q4_0", "TF-IDF with logistic regression, then tuned, Q4_0", "chain"],
    [433, 0.949, 3.5],
    [96.4, 0.31, 41.2],
    [0.62 * gb, 0.0188, undefined, 0.164 * gb],
  ),
  sketch(
    ["tuned-q4_0", "tuned, Q4_0", "tuned"],
    [433, 0.935, 3.2],
    [44.1, 22.4, 39.8],
    [0.6 * gb, 0.0441, undefined, 0.158 * gb],
  ),
  sketch(
    ["tuned-q8_0", "tuned, Q8_0", "tuned"],
    [433, 0.942, 3.3],
    [38.7, 25.6, 43.1],
    [0.74 * gb, 0.0502, undefined, 0.292 * gb],
  ),
  sketch(
    ["tuned-q4_k_m", "tuned, Q4_K_M", "tuned"],
    [433, 0.938, 3.2],
    [29.5, 33.4, 52.6],
    [0.67 * gb, 0.066, undefined, 0.24 * gb],
  ),
  sketch(
    ["tuned-f16", "tuned, F16", "tuned"],
    [433, 0.942, 3.3],
    [17.9, 55.2, 88.4],
    [1.02 * gb, 0.108, undefined, 0.54 * gb],
  ),
  sketch(
    ["tf-idf", "TF-IDF with logistic regression", "classical"],
    [433, 0.873, 2.1],
    [5210, 0.18, 0.29],
    [92 * mb, 0.00019, undefined, 6.1 * mb],
  ),
  sketch(
    ["base-few-shot", "untouched base, 8 examples", "base"],
    [60, 0.5167, 0.4],
    [1.12, 874, 1120],
    [0.71 * gb, 1.72, undefined, 0.253 * gb],
  ),
  sketch(
    ["base-zero-shot", "untouched base, zero-shot", "base"],
    [60, 0.2833, 0],
    [4.6, 211, 290],
    [0.62 * gb, 0.42, undefined, 0.253 * gb],
  ),
];

export const repairVariants: readonly Sketch[] = [
  sketch(
    ["tuned-q8_0", "tuned, Q8_0", "tuned"],
    [332, 0.886, 2.8],
    [6.2, 158, 240],
    [0.81 * gb, 0.31, undefined, 0.292 * gb],
  ),
  sketch(
    ["tuned-f16", "tuned, F16", "tuned"],
    [332, 0.886, 2.8],
    [3.1, 322, 470],
    [1.1 * gb, 0.63, undefined, 0.54 * gb],
  ),
  sketch(
    ["tagger", "a linear-chain tagger", "classical"],
    [332, 0.78, 1.6],
    [1900, 0.5, 0.9],
    [88 * mb, 0.0005, undefined, 3.4 * mb],
  ),
  sketch(
    ["base-few-shot", "untouched base, 8 examples", "base"],
    [60, 0.2167, -0.4],
    [0.42, 2310, 3050],
    [0.8 * gb, 4.5, undefined, 0.253 * gb],
  ),
];

export const codeLabels = [
  "Accommodation and Food Services",
  "Administrative and Support and Waste Management and Remediation Services",
  "Agriculture, Forestry, Fishing and Hunting",
  "Arts, Entertainment, and Recreation",
  "Construction",
  "Educational Services",
  "Finance and Insurance",
  "Health Care and Social Assistance",
  "Information",
  "Management of Companies and Enterprises",
  "Manufacturing",
  "Mining, Quarrying, and Oil and Gas Extraction",
  "Other Services (except Public Administration)",
  "Professional, Scientific, and Technical Services",
  "Public Administration",
  "Real Estate and Rental and Leasing",
  "Retail Trade",
  "Transportation and Warehousing",
  "Utilities",
  "Wholesale Trade",
] as const;

const wrong: readonly (readonly [string, number, number, number])[] = [
  ["seed cleaning, postharvest", 2, 10, 0.991],
  ["diesel engine repair shops, without wholesale of parts", 12, 19, 0.984],
  ["portrait photography schools", 13, 5, 0.981],
  ["ready-mixed concrete delivery to building sites", 10, 4, 0.968],
  ["canned milk merchant brokers acting for others", 19, 10, 0.962],
  ["mobile home parks operated with on-site dealers", 15, 16, 0.957],
  ["ambulance dispatch by telephone, contracted", 7, 1, 0.951],
  ["sports agents and managers of performing artists", 3, 13, 0.944],
  ["pipeline inspection by camera", 13, 18, 0.936],
  ["credit bureaus", 1, 6, 0.931],
  ["bakery cafés with seating", 0, 10, 0.922],
  ["tax revenue enforcement offices", 14, 6, 0.918],
  ["timber tract appraisal", 15, 2, 0.907],
  ["cable television installers", 4, 8, 0.899],
  ["jewellery made to order, sold from the workshop", 16, 10, 0.884],
  ["school bus hire with driver", 17, 5, 0.871],
  ["peat digging", 11, 2, 0.866],
  ["holding offices of farm cooperatives", 9, 2, 0.852],
  ["dental laboratories", 10, 7, 0.841],
  ["steam supply to district heating", 18, 10, 0.833],
];

export const codeMistakes: readonly Mistake[] = wrong.map(
  ([text, expected, given, confidence]) => ({
    input: { text },
    expected: { sector: codeLabels[expected] ?? "" },
    given: { sector: codeLabels[given] ?? "" },
    confidence,
  }),
);

export const repairFields = ["equipment", "location", "fault", "time", "contact"] as const;

export const repairMistakes: readonly Mistake[] = [
  {
    input: { text: "三号车间A线注塑机料筒温度忽高忽低，今天下午三点停机，联系张伟13800001234" },
    expected: {
      equipment: "注塑机",
      location: "三号车间A线",
      fault: "料筒温度忽高忽低",
      time: "今天下午三点",
      contact: "张伟13800001234",
    },
    given: {
      equipment: "注塑机料筒",
      location: "三号车间A线",
      fault: "温度忽高忽低",
      time: "今天下午三点",
      contact: "张伟13800001234",
    },
    confidence: 0.947,
  },
  {
    input: { text: "空压机异响，二楼动力站，昨晚夜班开始，找李师傅" },
    expected: {
      equipment: "空压机",
      location: "二楼动力站",
      fault: "异响",
      time: "昨晚夜班",
      contact: "李师傅",
    },
    given: {
      equipment: "空压机",
      location: "二楼动力站",
      fault: "异响",
      time: "昨晚",
      contact: "李师傅",
    },
    confidence: 0.921,
  },
  {
    input: { text: "ＡＧＶ小车 7 号在 B2 仓库门口趴窝，<b>急</b>！王芳 分机 8021" },
    expected: {
      equipment: "ＡＧＶ小车 7 号",
      location: "B2 仓库门口",
      fault: "趴窝",
      contact: "王芳 分机 8021",
    },
    given: { equipment: "ＡＧＶ小车", location: "B2 仓库", fault: "趴窝", contact: "王芳" },
    confidence: 0.874,
  },
  {
    input: { text: "冷却塔风机皮带断了，早上八点发现的" },
    expected: { equipment: "冷却塔风机", fault: "皮带断了", time: "早上八点" },
    given: undefined,
    confidence: 0.31,
  },
];

const digest = (name: string) => sha256(`fixture ${name}`);

/** The parts of a report that say where it comes from. */
export function provenance(task: string, base: string) {
  const folder = `.sampan/runs/${task}`;
  const tryText =
    task === "industry-code" ? "canned milk merchant wholesalers" : "空压机异响，二楼动力站";
  const stage = (
    name: string,
    seconds: number,
    about: string,
    peakMemoryBytes?: number,
    outputBytes?: number,
    reused = false,
  ) => ({
    name,
    seconds,
    about,
    reused,
    key: digest(name),
    ...(peakMemoryBytes === undefined ? {} : { peakMemoryBytes }),
    ...(outputBytes === undefined ? {} : { outputBytes }),
  });
  return {
    run: {
      id: "r-20261124-7f3a9c",
      date: "2026-11-24T15:12:08Z",
      sampanVersion: "0.1.0",
      machine: {
        processor: "AMD EPYC 9R14",
        cores: 2,
        memoryBytes: 23.4e9,
        system: "Linux x64, Node 24.21.0",
      },
      seconds: 451.6,
      reportPath: `${folder}/report.html`,
      bundlePath: `${folder}/bundle`,
      tryLine: `sampan run ${folder}/bundle '{"text":"${tryText}"}'`,
      whyCommand: "sampan why",
    },
    stages: [
      stage("base", 14.2, "one GGUF of 253 MB from four parts", 310 * mb, 253.1 * mb, true),
      stage("data", 0.84, "2,214 records read, 2,168 kept", 120 * mb, 0.41 * mb),
      stage("classical", 2.6, "TF-IDF, 48,112 features", 210 * mb, 6.1 * mb),
      stage("tune", 312.4, "3 epochs, 186,000 tokens, 595 tokens/s", 3.1 * gb, 15.2 * mb),
      stage("quantize", 9.3, "F16, Q8_0, Q4_K_M, Q4_0", 1.4 * gb, 1.23 * gb),
      stage("evaluate", 108.9, "8 variants", 1.1 * gb, 2.2 * mb),
      stage("select", 0.7, "bootstrap, 1,000 draws", undefined, 0.02 * mb),
      stage("bundle", 2.1, "14 files", 90 * mb, 171 * mb),
    ],
    settings: [
      ["rank", "16", "16 below 5,000 training records, else 32", "rule"],
      ["alpha", "32", "twice the rank", "rule"],
      ["modules", "q k v o gate up down", "all seven projections", "rule"],
      ["learning rate", "0.001", "set in task.yaml under tune.learningRate", "task"],
      ["epochs", "3", "as many as fit into the budget of 12 minutes, at most 8", "rule"],
      ["batch tokens", "1,024", "as many as fit into 6 GB beside the weights", "rule"],
      ["seed", "1", "the task's seed", "task"],
      ["threads", "2", "--threads 2", "flag"],
    ].map(([name = "", value = "", rule = "", setBy]) => ({
      name,
      value,
      rule,
      setBy: setBy as "rule" | "task" | "flag",
    })),
    commands: [
      { about: "Build it again", line: `sampan build examples/${task}/task.yaml --threads 2` },
      { about: "Check the bundle", line: `sampan verify ${folder}/bundle` },
      { about: "See the run", line: "sampan show r-20261124-7f3a9c" },
    ],
    versions: [
      { name: "sampan", version: "0.1.0" },
      { name: "node", version: "24.21.0" },
      { name: "onnxruntime-node", version: "1.30.0" },
      { name: "node-llama-cpp", version: "3.22.1" },
    ],
    digests: ["base.gguf", "records.jsonl", "adapter_model.safetensors", "tuned-q4_0.gguf"].map(
      (name, i) => ({
        name,
        sha256: digest(name),
        bytes: [253113024, 412332, 15204352, 158e6][i] ?? 0,
      }),
    ),
    licences: [
      {
        subject: `base ${base}`,
        id: "LicenseRef-gemma",
        name: "Gemma Terms of Use",
        notice:
          "Gemma is provided under and subject to the Gemma Terms of Use; whoever receives the bundle must receive them too.",
      },
      { subject: "data naics 1.2.1", id: "MIT", name: "MIT License" },
    ],
  } satisfies Partial<ReportData>;
}
