import type {
  Attribute,
  ConstantDescription,
  GraphDescription,
  NodeDescription,
  ValueDescription,
} from "./graph-description.ts";
import { ProtobufWriter } from "./protobuf.ts";

// Field numbers and enum values below are those of onnx.proto (https://github.com/onnx/onnx, IR version 9).
const irVersion = 9;
const opsetVersion = 20;
const elementTypes = { float32: 1, uint8: 2, int8: 3, int64: 7 } as const;

/** The bytes of a `.onnx` file that holds the graph. */
export function encodeModel(graph: GraphDescription): Uint8Array {
  const model = new ProtobufWriter().int(1, irVersion).text(2, "sampan");
  model.message(7, (proto) => writeGraph(proto, graph));
  model.message(8, (proto) => proto.text(1, "").int(2, opsetVersion));
  model.message(8, (proto) => proto.text(1, "com.microsoft").int(2, 1));
  return model.finish();
}

function writeGraph(proto: ProtobufWriter, graph: GraphDescription): void {
  for (const node of graph.nodes) proto.message(1, (nested) => writeNode(nested, node));
  proto.text(2, "training-step");
  for (const constant of graph.constants) {
    proto.message(5, (nested) => writeConstant(nested, constant));
  }
  for (const value of graph.inputs) proto.message(11, (nested) => writeValue(nested, value));
  for (const value of graph.outputs) proto.message(12, (nested) => writeValue(nested, value));
}

function writeNode(proto: ProtobufWriter, node: NodeDescription): void {
  for (const input of node.inputs) proto.text(1, input);
  for (const output of node.outputs) proto.text(2, output);
  proto.text(3, node.outputs[0] ?? "").text(4, node.operator);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    proto.message(5, (nested) => writeAttribute(nested, name, attribute));
  }
  if (node.domain !== "") proto.text(7, node.domain);
}

function writeAttribute(proto: ProtobufWriter, name: string, attribute: Attribute): void {
  proto.text(1, name);
  switch (attribute.kind) {
    case "float":
      proto.float(2, attribute.value).int(20, 1);
      return;
    case "int":
      proto.signed(3, attribute.value).int(20, 2);
      return;
    case "text":
      proto.text(4, attribute.value).int(20, 3);
      return;
    case "ints":
      for (const value of attribute.value) proto.signed(8, value);
      proto.int(20, 7);
  }
}

function writeConstant(proto: ProtobufWriter, constant: ConstantDescription): void {
  for (const dimension of constant.shape) proto.int(1, Number(dimension));
  proto.int(2, elementTypes[constant.element]).text(8, constant.name);
  const { data } = constant;
  if (data.kind === "inline") {
    proto.bytes(9, data.bytes);
    return;
  }
  const place = { location: data.file, offset: `${data.offset}`, length: `${data.length}` };
  for (const [key, value] of Object.entries(place)) {
    proto.message(13, (nested) => nested.text(1, key).text(2, value));
  }
  proto.int(14, 1);
}

function writeValue(proto: ProtobufWriter, value: ValueDescription): void {
  proto.text(1, value.name).message(2, (type) =>
    type.message(1, (tensor) =>
      tensor.int(1, elementTypes[value.element]).message(2, (shape) => {
        for (const dimension of value.shape) {
          shape.message(1, (proto) =>
            typeof dimension === "number" ? proto.int(1, dimension) : proto.text(2, dimension),
          );
        }
      }),
    ),
  );
}
