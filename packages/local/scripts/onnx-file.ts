/** ONNX bytes -> messages as lists of raw fields -> ONNX bytes; what is not touched is copied as it is. */
import protobuf from "protobufjs/minimal.js";

/** One field of a protobuf message: its number, and its bytes with the tag. `value` is set for length-delimited fields. */
export interface Field {
  number: number;
  raw: Uint8Array;
  value?: Uint8Array;
}

/** Splits a message into its fields. */
export function readFields(message: Uint8Array): Field[] {
  const reader = protobuf.Reader.create(message);
  const fields: Field[] = [];
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.uint32();
    const field: Field = { number: tag >>> 3, raw: message };
    if ((tag & 7) === 2) field.value = reader.bytes();
    else reader.skipType(tag & 7);
    field.raw = message.subarray(start, reader.pos);
    fields.push(field);
  }
  return fields;
}

/** Joins fields into a message again. */
export function writeFields(fields: Field[]): Uint8Array {
  return Buffer.concat(fields.map((field) => field.raw));
}

/** A length-delimited field: text or a message. */
export function field(number: number, value: string | Uint8Array): Field {
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  const raw = protobuf.Writer.create()
    .uint32((number << 3) | 2)
    .bytes(bytes)
    .finish();
  return { number, raw, value: bytes };
}

/** A whole-number field. */
export function integer(number: number, value: number): Field {
  const raw = protobuf.Writer.create()
    .uint32(number << 3)
    .int64(value)
    .finish();
  return { number, raw };
}

/** The texts of the fields with this number, in order. */
export function texts(fields: Field[], number: number): string[] {
  return fields.flatMap(({ number: n, value }) =>
    n === number && value ? [new TextDecoder().decode(value)] : [],
  );
}

/** Field numbers of the ONNX messages that are edited here (onnx.proto3, stable since IR version 3). */
export const onnx = {
  model: { graph: 7 },
  graph: { node: 1, initializer: 5 },
  node: { input: 1, output: 2, name: 3, opType: 4, attribute: 5 },
  attribute: { name: 1, i: 3, type: 20 },
  tensor: { dims: 1, dataType: 2, name: 8, externalData: 13, dataLocation: 14 },
  entry: { key: 1, value: 2 },
  type: { float: 1, int8: 3 },
} as const;

/** A node of the graph. `attributes` are whole numbers. */
export function node(
  opType: string,
  inputs: string[],
  output: string,
  attributes: Record<string, number> = {},
): Field {
  const ids = onnx.node;
  return field(
    onnx.graph.node,
    writeFields([
      ...inputs.map((name) => field(ids.input, name)),
      field(ids.output, output),
      field(ids.name, `${output}/${opType}`),
      field(ids.opType, opType),
      ...Object.entries(attributes).map(([name, value]) =>
        field(
          ids.attribute,
          writeFields([
            field(onnx.attribute.name, name),
            integer(onnx.attribute.i, value),
            integer(onnx.attribute.type, 2),
          ]),
        ),
      ),
    ]),
  );
}

/** Where a tensor's bytes stand in the data file beside the graph. */
export interface Place {
  location: string;
  offset: number;
  length: number;
}

/** A tensor of the graph whose bytes stand in the data file. */
export function externalTensor(name: string, dataType: number, dims: number[], place: Place): Field {
  const ids = onnx.tensor;
  return field(
    onnx.graph.initializer,
    writeFields([
      ...dims.map((dim) => integer(ids.dims, dim)),
      integer(ids.dataType, dataType),
      field(ids.name, name),
      ...placeFields(place),
      integer(ids.dataLocation, 1),
    ]),
  );
}

/** A place as the tensor's `external_data` entries. */
export function placeFields(place: Place): Field[] {
  return Object.entries(place).map(([key, value]) =>
    field(
      onnx.tensor.externalData,
      writeFields([field(onnx.entry.key, key), field(onnx.entry.value, String(value))]),
    ),
  );
}

/** The place that a tensor's `external_data` entries name; undefined when its bytes stand in the graph itself. */
export function placeOf(tensor: Field[]): Place | undefined {
  const entries = tensor.flatMap(({ number, value }) => {
    if (number !== onnx.tensor.externalData || !value) return [];
    const entry = readFields(value);
    return [[texts(entry, onnx.entry.key)[0], texts(entry, onnx.entry.value)[0]] as const];
  });
  if (entries.length === 0) return undefined;
  const byKey = new Map(entries);
  return {
    location: byKey.get("location") ?? "",
    offset: Number(byKey.get("offset") ?? 0),
    length: Number(byKey.get("length")),
  };
}
