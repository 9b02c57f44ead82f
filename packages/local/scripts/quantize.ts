/** An ONNX graph and its data file -> the same graph with its word embeddings as int8 and one scale a row. */
import {
  externalTensor,
  type Field,
  field,
  node,
  onnx,
  type Place,
  placeFields,
  placeOf,
  readFields,
  texts,
  writeFields,
} from "./onnx-file.ts";

/** Rows of floats -> int8 rows, symmetric, with the scale that brings each row back. */
export function quantizeRows(rows: Float32Array, width: number): { values: Int8Array; scales: Float32Array } {
  const values = new Int8Array(rows.length);
  const scales = new Float32Array(rows.length / width);
  for (let row = 0; row < scales.length; row++) {
    const start = row * width;
    let largest = 0;
    for (let i = start; i < start + width; i++) largest = Math.max(largest, Math.abs(rows[i] ?? 0));
    const scale = largest / 127 || 1;
    scales[row] = scale;
    for (let i = start; i < start + width; i++) values[i] = Math.round((rows[i] ?? 0) / scale);
  }
  return { values, scales };
}

/**
 * Replaces the word embedding table, which is 86 % of the file, by int8 rows: `Gather(table)` becomes
 * `Cast(Gather(int8 table)) * Gather(scales)`. Everything else keeps its bytes and gets a new place in the data file.
 */
export function quantizeWordEmbeddings(
  graphFile: Uint8Array,
  data: Uint8Array,
  location: string,
): { graph: Uint8Array; data: Uint8Array } {
  const model = readFields(graphFile);
  const graphField = model.find(({ number }) => number === onnx.model.graph);
  if (!graphField?.value) throw new Error("The ONNX file holds no graph");
  const graph = readFields(graphField.value);

  const chunks: Uint8Array[] = [];
  let offset = 0;
  const store = (bytes: Uint8Array): Place => {
    const place = { location, offset, length: bytes.length };
    chunks.push(bytes);
    offset += bytes.length;
    return place;
  };

  let table: { name: string; quantized: Field; scales: Field } | undefined;
  const edited = graph.flatMap((part) => {
    if (part.number !== onnx.graph.initializer || !part.value) return [part];
    const tensor = readFields(part.value);
    const place = placeOf(tensor);
    if (!place) return [part];
    const name = texts(tensor, onnx.tensor.name)[0] ?? "";
    const bytes = data.subarray(place.offset, place.offset + place.length);
    if (!name.endsWith("word_embeddings.weight")) return [moved(tensor, store(bytes))];
    table = quantizedTable(name, bytes, store);
    return [table.quantized, table.scales];
  });
  if (!table) throw new Error("The ONNX file holds no tensor *word_embeddings.weight");

  const { name } = table;
  const nodes = edited.flatMap((part) =>
    part.number === onnx.graph.node && part.value ? dequantizedLookup(part, part.value, name) : [part],
  );
  const newGraph = field(onnx.model.graph, writeFields(nodes));
  return {
    graph: writeFields(model.map((part) => (part === graphField ? newGraph : part))),
    data: Buffer.concat(chunks),
  };
}

const quantizedName = (name: string) => `${name}_int8`;
const scalesName = (name: string) => `${name}_scales`;

function quantizedTable(name: string, bytes: Uint8Array, store: (bytes: Uint8Array) => Place) {
  const width = 384;
  const floats = new Float32Array(new Uint8Array(bytes).buffer);
  const { values, scales } = quantizeRows(floats, width);
  const asBytes = (array: Int8Array | Float32Array) =>
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return {
    name,
    quantized: externalTensor(
      quantizedName(name),
      onnx.type.int8,
      [scales.length, width],
      store(asBytes(values)),
    ),
    scales: externalTensor(scalesName(name), onnx.type.float, [scales.length, 1], store(asBytes(scales))),
  };
}

/** The tensor with its bytes at another place of the data file. */
function moved(tensor: Field[], place: Place): Field {
  const rest = tensor.filter(({ number }) => number !== onnx.tensor.externalData);
  return field(onnx.graph.initializer, writeFields([...rest, ...placeFields(place)]));
}

/** The lookup in the table becomes a lookup of int8 rows times their scales; other nodes stay. */
function dequantizedLookup(part: Field, bytes: Uint8Array, table: string): Field[] {
  const fields = readFields(bytes);
  const [from, ids] = texts(fields, onnx.node.input);
  if (from !== table || !ids) return [part];
  const output = texts(fields, onnx.node.output)[0] ?? "";
  const [rows, floats, scales] = [`${output}/int8`, `${output}/float`, `${output}/scale`];
  return [
    node("Gather", [quantizedName(table), ids], rows),
    node("Cast", [rows], floats, { to: onnx.type.float }),
    node("Gather", [scalesName(table), ids], scales),
    node("Mul", [floats, scales], output),
  ];
}
