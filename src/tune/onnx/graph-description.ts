/** A number, or the name of a size that is known only when the graph runs. */
export type Dimension = number | string;

export type ElementType = "float32" | "int64" | "int8" | "uint8";

/** A value of the graph: its name, element type and shape. */
export interface ValueDescription {
  readonly name: string;
  readonly element: ElementType;
  readonly shape: readonly Dimension[];
}

export type Attribute =
  | { readonly kind: "int"; readonly value: number }
  | { readonly kind: "ints"; readonly value: readonly number[] }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "text"; readonly value: string };

export interface NodeDescription {
  readonly operator: string;
  /** Empty for the standard set, `com.microsoft` for ONNX Runtime's own operators. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A constant of the graph: its bytes here, or a range of a file beside the model. */
export interface ConstantDescription extends ValueDescription {
  readonly data:
    | { readonly kind: "inline"; readonly bytes: Uint8Array }
    | {
        readonly kind: "external";
        readonly file: string;
        readonly offset: number;
        readonly length: number;
      };
}

export interface GraphDescription {
  readonly inputs: readonly ValueDescription[];
  readonly outputs: readonly ValueDescription[];
  readonly constants: readonly ConstantDescription[];
  readonly nodes: readonly NodeDescription[];
}
