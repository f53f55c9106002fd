import { allToAll } from "../../wires/collectives.ts";
import { pathOf } from "../../wires/fabric.ts";
import type { ServingCoefficients } from "./coefficients.ts";
import { weightFormatOf } from "./formats.ts";
import { readBytes } from "./kv-cache.ts";
import { touchedExperts, type PassWork } from "./pass-work.ts";
import { replicaChips } from "./setup.ts";

/** What one pass of one replica holds. */
export interface PassLoad {
  /** Sequences that decode, with so many tokens in their caches on average. */
  readonly decode: number;
  readonly context: number;
  /** Prompt tokens, and the mean number of keys that each of them sees. */
  readonly prefill: number;
  readonly keys: number;
  /** Tokens that each decoding sequence checks at once; above 1 with speculative decoding. */
  readonly drafted?: number | undefined;
}

/** Seconds of one pass by what takes them. */
export interface PassTime {
  /** Reading weights or multiplying by them, whichever is longer, and what it does not hide of the other. */
  readonly weights: number;
  readonly experts: number;
  readonly cache: number;
  readonly attention: number;
  readonly activations: number;
  readonly launch: number;
  readonly wire: number;
  readonly host: number;
  readonly total: number;
}

/** The peak of the first format that the chip has a unit for. */
export function peakOf({ setup }: PassWork): number {
  for (const format of weightFormatOf(setup.weights).compute) {
    const peak = setup.chip.peaks[format];
    if (peak !== undefined) return peak;
  }
  return Math.max(...Object.values(setup.chip.peaks));
}

/**
 * Time of one forward pass: bytes / (share x bandwidth) and operations / (share x peak) of each part, fixed times per
 * layer, message and pass. `work` is a factor on all of it.
 */
export function passTime(
  pass: PassWork,
  load: PassLoad,
  coefficients: ServingCoefficients,
  work = 1,
): PassTime {
  const { setup } = pass;
  const { chip, attentionData, pipeline } = setup;
  const tokens = load.decode * (load.drafted ?? 1) + load.prefill;
  const local = tokens / attentionData;
  const bandwidth = chip.memoryBandwidth;
  const peak = peakOf(pass);
  const weights = weightTime(pass, load, coefficients, local);
  const experts = expertTime(pass, tokens, coefficients);
  const cache =
    ((load.decode / attentionData) * readBytes(pass.cache, load.context) * pipeline) /
    (bandwidth * coefficients.cache);
  const attention = attentionTime(
    pass,
    load,
    coefficients,
    Math.min(peak, chip.peaks.bf16 ?? chip.peaks.fp16 ?? peak),
  );
  // Norms, residuals and activations of a layer move about twenty 16-bit widths per token.
  const moved = local * pass.layers * setup.model.width * 40;
  const activations = (moved * coefficients.token) / (bandwidth * coefficients.memory);
  const launch =
    pass.layers * coefficients.launch +
    pass.expertLayers * coefficients.expertLaunch +
    pass.latentLayers * coefficients.latentLaunch;
  const wire = wireTime(pass, tokens, coefficients);
  const host =
    coefficients.step + coefficients.sequence * load.decode + (pipeline - 1) * coefficients.stage;
  const parts = { weights, experts, cache, attention, activations, launch, wire, host };
  let total = 0;
  for (const part of Object.values(parts)) total += part;
  return { ...parts, total: total * work };
}

/** Longer of two times and a share of the shorter: kernels overlap reading and computing, not wholly. */
function overlapped(a: number, b: number, spill: number): number {
  return Math.max(a, b) + spill * Math.min(a, b);
}

function weightTime(
  pass: PassWork,
  load: PassLoad,
  coefficients: ServingCoefficients,
  local: number,
): number {
  const { widened } = weightFormatOf(pass.setup.weights);
  const bandwidth =
    pass.setup.chip.memoryBandwidth * coefficients.memory * (widened ? coefficients.widened : 1);
  const rate = peakOf(pass) * coefficients.product * (widened ? coefficients.widenedProduct : 1);
  const sampled =
    (load.decode * (load.drafted ?? 1)) / pass.setup.attentionData + (load.prefill > 0 ? 1 : 0);
  return (
    overlapped(pass.denseBytes / bandwidth, (local * pass.denseFlops) / rate, coefficients.spill) +
    overlapped(pass.headBytes / bandwidth, (sampled * pass.headFlops) / rate, coefficients.spill)
  );
}

function expertTime(pass: PassWork, tokens: number, coefficients: ServingCoefficients): number {
  const { widened } = weightFormatOf(pass.setup.weights);
  const bandwidth =
    pass.setup.chip.memoryBandwidth *
    coefficients.memory *
    coefficients.experts *
    (widened ? coefficients.widened : 1);
  const rate =
    peakOf(pass) *
    coefficients.product *
    coefficients.experts *
    (widened ? coefficients.widenedProduct : 1);
  const crowd = pass.setup.expertParallel && replicaChips(pass.setup) > 1 ? coefficients.crowd : 1;
  let total = 0;
  for (const { layers, experts, topK, bytes, held, flops } of pass.experts) {
    const touched = (touchedExperts(experts, topK, tokens) * held) / experts;
    // At least one expert of the busiest rank is read however few tokens there are.
    const read = Math.max(touched, Math.min(1, topK)) * bytes;
    total +=
      crowd * layers * overlapped(read / bandwidth, (tokens * flops) / rate, coefficients.spill);
  }
  return total;
}

function attentionTime(
  pass: PassWork,
  load: PassLoad,
  coefficients: ServingCoefficients,
  peak: number,
): number {
  let flops = 0;
  for (const { perKey, decodePerKey, window, scan } of pass.attention) {
    flops += load.prefill * (perKey * Math.min(load.keys, window) + scan);
    flops +=
      load.decode * (load.drafted ?? 1) * (decodePerKey * Math.min(load.context, window) + scan);
  }
  return flops / pass.setup.attentionData / (peak * coefficients.attention);
}

/** Two all-reduces per layer over tensor-parallel ranks, or all-to-alls where experts are shared by attention replicas. */
function wireTime(pass: PassWork, tokens: number, coefficients: ServingCoefficients): number {
  const { setup, layers, expertLayers } = pass;
  const { fabric, tensor, attentionData, model } = setup;
  const local = tokens / attentionData;
  let total = 0;
  if (tensor > 1) {
    const path = pathOf(fabric, tensor, 1);
    const latency = path.crosses
      ? coefficients.messageOut * Math.log2(tensor)
      : coefficients.message;
    const bytes = (2 * (tensor - 1) * local * model.width * 2) / tensor;
    const messages = attentionData > 1 ? 2 * layers - expertLayers : 2 * layers;
    total += messages * (latency + bytes / (path.bandwidth * coefficients.wire));
  }
  if (attentionData > 1) {
    const ranks = tensor * attentionData;
    const path = pathOf(fabric, ranks, 1);
    const latency = path.crosses ? coefficients.messageOut : coefficients.message;
    const topK = pass.experts[0]?.topK ?? 1;
    // Dispatch in 8 bits, combine in 16, to as many ranks as a token has experts.
    const bytes = (local * model.width * Math.min(topK, ranks) * 3) / tensor;
    const wire = {
      bandwidth: path.bandwidth * coefficients.wire,
      latency: 2 * latency,
      crosses: path.crosses,
    };
    total += expertLayers * allToAll(bytes, ranks, wire);
  }
  return total;
}
