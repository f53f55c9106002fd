import { SampanError } from "../../kernel/index.ts";
import type {
  Accelerator,
  Cluster,
  ClusterGroup,
  Constant,
  PriceList,
} from "../../schema/index.ts";
import { quantityConstant, statedConstant } from "./price-constant.ts";

/** What the laws of money take from outside, per accelerator unless it says otherwise. */
export const priceNames = [
  "purchase",
  "rent",
  "power",
  "powerShare",
  "idleShare",
  "hostPower",
  "pue",
  "electricity",
  "serverMarkup",
  "networkShare",
  "hosting",
  "amortisation",
  "residual",
  "interest",
  "maintenance",
  "utilisation",
  "staffYear",
  "acceleratorsPerPerson",
  "engineerMonth",
  "failures",
  "restart",
  "checkpointBandwidth",
] as const;

export type PriceName = (typeof priceNames)[number];
/** Each price with its range and source. */
export type FleetPrices = Readonly<Record<PriceName, Constant>>;
/** The same as plain numbers, which scenarios and sensitivities vary. */
export type PriceValues = Readonly<Record<PriceName, number>>;

/** What accelerators do with their power. */
export type Load = "training" | "prefill" | "decode";

export interface PriceQuestion {
  readonly group: ClusterGroup;
  readonly entry: Accelerator;
  readonly cluster: Cluster;
  readonly list: PriceList;
  readonly load: Load;
  /** Key of the price list's electricity, where the cluster does not state a tariff. */
  readonly place: string;
}

/** Years after its launch in which a chip and its software count as young in how often they fail. */
const youngYears = 1.5;

/** The prices of a group: what its file states, else the chip's row, else the price list. Errors: `not-found` for a place. */
export function fleetPrices(question: PriceQuestion, year: number): FleetPrices {
  const { group, entry, cluster, list, load } = question;
  const stated = (name: string, value: number | undefined, unit: string): Constant | undefined =>
    value === undefined ? undefined : statedConstant(name, value, unit);
  const launched = Number(entry.launch.value.slice(0, 4));
  const failures =
    year - launched < youngYears || entry.vendor !== "NVIDIA"
      ? list.failures.young
      : list.failures.mature;
  const listed = quantityConstant;
  return {
    purchase:
      stated("purchase of an accelerator", group.purchase, "USD") ??
      listed("purchase of an accelerator", entry.prices.purchase),
    rent:
      stated("rent of an accelerator", group.rent, "USD/h") ??
      listed("rent of an accelerator", entry.prices.rent),
    power:
      stated("power of an accelerator", group.power, "W") ?? listed("rated power", entry.power),
    powerShare: listed(`share of rated power in ${load}`, list.powerShare[load]),
    idleShare: listed("share of rated power when idle", list.powerShare.idle),
    hostPower: listed("power with host and network over the accelerators'", list.hostPower),
    pue:
      stated("facility power over IT power", cluster.pue, "ratio") ??
      listed("facility power over IT power", list.pue.average),
    electricity:
      stated("electricity", cluster.electricity, "USD/kWh") ??
      listed("electricity", tariff(question)),
    serverMarkup: listed("server over its accelerators", list.serverMarkup),
    networkShare: listed("network over servers", list.networkShare),
    hosting: listed("hall, per kilowatt and month", list.hosting),
    amortisation: listed("years in use", list.amortisation),
    residual: listed("resale over purchase", list.residual),
    interest: listed("interest", list.interest),
    maintenance: listed("spares and contracts", list.maintenance),
    utilisation: listed("hours in use over hours paid", list.utilisation),
    staffYear: listed("a person who keeps the fleet running", list.staff.yearlyCost),
    acceleratorsPerPerson: listed("accelerators per person", list.staff.acceleratorsPerPerson),
    engineerMonth: listed("a month of kernel or framework work", list.staff.engineerMonth),
    failures: listed("interruptions", failures),
    restart: listed("from a stop to the next new step", list.failures.restart),
    checkpointBandwidth: listed(
      "writing of checkpoints, per node",
      list.failures.checkpointBandwidth,
    ),
  };
}

/** The middle of each price. */
export function priceValues(prices: FleetPrices): PriceValues {
  const values = {} as Record<PriceName, number>; // Filled for every name below.
  for (const name of priceNames) values[name] = prices[name].value;
  return values;
}

function tariff({ list, place }: PriceQuestion) {
  const known = Object.hasOwn(list.electricity, place) ? list.electricity[place] : undefined;
  if (known !== undefined) return known;
  throw new SampanError("not-found", `no electricity price for "${place}"`, {
    hint: `Places: ${Object.keys(list.electricity).join(", ")}; or state electricity in the cluster file.`,
  });
}
