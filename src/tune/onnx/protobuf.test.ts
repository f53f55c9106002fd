import { expect, test } from "vitest";
import { ProtobufWriter } from "./protobuf.ts";

const hex = (writer: ProtobufWriter) => Buffer.from(writer.finish()).toString("hex");

// The examples of https://protobuf.dev/programming-guides/encoding/.
test("varints, strings and nested messages are written as the format's own examples", () => {
  expect(hex(new ProtobufWriter().int(1, 150))).toBe("089601");
  expect(hex(new ProtobufWriter().text(2, "testing"))).toBe("120774657374696e67");
  expect(hex(new ProtobufWriter().message(3, (nested) => nested.int(1, 150)))).toBe("1a03089601");
  expect(hex(new ProtobufWriter().signed(1, -2))).toBe("08feffffffffffffffff01");
  expect(hex(new ProtobufWriter().float(1, 1))).toBe("0d0000803f");
});

test("numbers beyond 32 bits keep all their bits", () => {
  expect(hex(new ProtobufWriter().int(1, 2 ** 40))).toBe("08808080808020");
});
