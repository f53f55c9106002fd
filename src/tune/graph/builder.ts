import type {
  Attribute,
  ConstantDescription,
  Dimension,
  ElementType,
  GraphDescription,
  NodeDescription,
  ValueDescription,
} from "../onnx/graph-description.ts";

/** A value of the graph under construction. */
export interface Tensor extends ValueDescription {
  /** Whether a parameter stands behind it, so that a gradient must flow through it. */
  readonly differentiable: boolean;
}

/** Where a rule leaves the gradients of its inputs. */
export interface GradientSink {
  /**
   * Adds to the gradient of `input`, unless nothing differentiable stands behind it. `make` gets what
   * has been collected so far, so that a matrix product can add to it in one operator.
   */
  add(input: Tensor, make: (collected: Tensor | undefined) => Tensor): void;
}

/** How the gradient of an operator's outputs becomes that of its inputs. */
export type BackwardRule = (gradients: readonly (Tensor | undefined)[], sink: GradientSink) => void;

export interface TapeEntry {
  readonly outputs: readonly Tensor[];
  readonly rule: BackwardRule;
}

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly domain?: string;
  readonly element?: ElementType;
  /** Element type of each output, where they differ. */
  readonly elements?: readonly ElementType[];
}

/** Where the bytes of a constant lie. */
export interface FrozenPlace {
  readonly element: "float32" | "int8";
  readonly file: string;
  readonly offset: number;
}

/** Collects nodes and constants, and remembers on a tape how to go back through them. */
export class GraphBuilder {
  readonly #inputs: ValueDescription[] = [];
  readonly #constants = new Map<string, ConstantDescription>();
  readonly #nodes: NodeDescription[] = [];
  readonly #tape: TapeEntry[] = [];
  readonly #used = new Map<string, number>();

  get tape(): readonly TapeEntry[] {
    return this.#tape;
  }

  /** A value that each run is fed with. */
  input(name: string, shape: readonly Dimension[], element: ElementType = "float32"): Tensor {
    const value = { name, shape, element };
    this.#inputs.push(value);
    return { ...value, differentiable: false };
  }

  /** An input whose gradient is wanted. */
  parameter(name: string, shape: readonly number[]): Tensor {
    return { ...this.input(name, shape), differentiable: true };
  }

  /** A constant kept in a file beside the model. */
  frozen(name: string, shape: readonly number[], place: FrozenPlace): Tensor {
    const { element, file, offset } = place;
    const length = shape.reduce((a, b) => a * b, element === "int8" ? 1 : 4);
    return this.#constant({
      name,
      shape,
      element,
      data: { kind: "external", file, offset, length },
    });
  }

  /** A small constant kept in the model; equal names must mean equal values. */
  floats(name: string, values: Float32Array, shape: readonly number[] = []): Tensor {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return this.#constant({ name, shape, element: "float32", data: { kind: "inline", bytes } });
  }

  scalar(value: number): Tensor {
    return this.floats(`scalar:${value}`, Float32Array.of(value));
  }

  /** A vector of integers: a shape, axes, sizes. */
  integers(values: readonly number[]): Tensor {
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    const name = `integers:${values.join(",")}`;
    const data = { kind: "inline", bytes } as const;
    return this.#constant({ name, shape: [values.length], element: "int64", data });
  }

  /** Emits one node with several outputs; without a tape entry no gradient flows through it. */
  emitAll(
    operator: string,
    inputs: readonly Tensor[],
    shapes: readonly (readonly Dimension[])[],
    options: NodeOptions = {},
  ): readonly Tensor[] {
    const { attributes = {}, domain = "", element = "float32" } = options;
    const name = this.#freshName(operator);
    const differentiable = inputs.some((input) => input.differentiable);
    const outputs = shapes.map((shape, index) => ({
      name: index === 0 ? name : `${name}:${index}`,
      shape,
      element: options.elements?.[index] ?? element,
      differentiable,
    }));
    this.#nodes.push({
      operator,
      domain,
      attributes,
      inputs: inputs.map((input) => input.name),
      outputs: outputs.map((output) => output.name),
    });
    return outputs;
  }

  /** Emits one node with one output. */
  emit(
    operator: string,
    inputs: readonly Tensor[],
    shape: readonly Dimension[],
    options: NodeOptions = {},
  ): Tensor {
    const [output] = this.emitAll(operator, inputs, [shape], options);
    if (output === undefined) throw new TypeError(`${operator} has no output`);
    return output;
  }

  /** Remembers how gradients go back through nodes just emitted. */
  record(outputs: readonly Tensor[], rule: BackwardRule): void {
    if (outputs.some((output) => output.differentiable)) this.#tape.push({ outputs, rule });
  }

  /** The whole graph, with these values as its outputs under the given names. */
  finish(outputs: Readonly<Record<string, Tensor>>): GraphDescription {
    const named = Object.entries(outputs).map(([name, { shape, element, name: from }]) => {
      const attributes = {};
      this.#nodes.push({
        operator: "Identity",
        domain: "",
        attributes,
        inputs: [from],
        outputs: [name],
      });
      return { name, shape, element };
    });
    return {
      inputs: this.#inputs,
      outputs: named,
      constants: [...this.#constants.values()],
      nodes: this.#nodes,
    };
  }

  #constant(constant: ConstantDescription): Tensor {
    if (!this.#constants.has(constant.name)) this.#constants.set(constant.name, constant);
    const { name, shape, element } = constant;
    return { name, shape, element, differentiable: false };
  }

  #freshName(operator: string): string {
    const count = (this.#used.get(operator) ?? 0) + 1;
    this.#used.set(operator, count);
    return `${operator}.${count}`;
  }
}
