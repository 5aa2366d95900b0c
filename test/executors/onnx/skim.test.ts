import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import {
  AttributeProtoSchema,
  TensorProto_DataLocation as DataLocation,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  SparseTensorProtoSchema,
  StringStringEntryProtoSchema,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from '../../../src/executors/onnx/onnx-proto.ts';
import { skimOnnx } from '../../../src/executors/onnx/skim.ts';

const fixtures = join(import.meta.dirname, '../../detection/foreign/fixtures');
const models = readdirSync(fixtures)
  .map((name) => join(fixtures, name, 'model.onnx'))
  .filter((path) => existsSync(path));

/** What a general protobuf parser reads from the same bytes. */
function parsed(bytes: Uint8Array) {
  const { producerName, metadataProps, graph } = fromBinary(ModelProtoSchema, bytes);
  return {
    producer: producerName,
    metadata: Object.fromEntries(metadataProps.map(({ key, value }) => [key, value])),
    inputs: graph!.input,
    outputs: graph!.output,
    held: new Set(graph!.initializer.map(({ name }) => name)),
    nodes: graph!.node.map(({ opType, input, output }) => ({
      operator: opType,
      inputs: input,
      outputs: output,
    })),
  };
}

function skimmed(bytes: Uint8Array) {
  const { externalFiles, inputs, outputs, ...rest } = skimOnnx(bytes);
  const messages = (ports: typeof inputs) =>
    ports.map(({ message }) => fromBinary(ValueInfoProtoSchema, message));
  expect(inputs.map(({ name }) => name)).toEqual(messages(inputs).map(({ name }) => name));
  return { ...rest, inputs: messages(inputs), outputs: messages(outputs) };
}

describe('a skim of an ONNX file', () => {
  test('gives the same facts as a full parse of every fixture', () => {
    expect(models.length).toBeGreaterThan(40);
    for (const path of models) {
      const bytes = readFileSync(path);
      expect(skimmed(bytes), path).toEqual(parsed(bytes));
    }
  });

  test('finds the external files of tensors wherever tensors can occur', () => {
    const tensor = (location: string, dataLocation: DataLocation = DataLocation.EXTERNAL) =>
      create(TensorProtoSchema, {
        name: location,
        dataLocation,
        externalData: [
          create(StringStringEntryProtoSchema, { key: 'offset', value: '8' }),
          create(StringStringEntryProtoSchema, { key: 'location', value: location }),
        ],
      });
    const sparse = create(SparseTensorProtoSchema, { values: tensor('values'), indices: tensor('indices') });
    const inner = create(GraphProtoSchema, { initializer: [tensor('inner')], sparseInitializer: [sparse] });
    const attribute = [
      create(AttributeProtoSchema, { name: 'value', t: tensor('one') }),
      create(AttributeProtoSchema, { name: 'values', tensors: [tensor('größer'), tensor('größer')] }),
      create(AttributeProtoSchema, { name: 'body', g: inner, ints: [1n, -1n], floats: [0.5] }),
    ];
    const graph = create(GraphProtoSchema, {
      node: [create(NodeProtoSchema, { opType: 'If', attribute, output: ['y'] })],
      initializer: [tensor('weights'), tensor('inside', DataLocation.DEFAULT)],
    });
    const { externalFiles, held } = skimOnnx(toBinary(ModelProtoSchema, create(ModelProtoSchema, { graph })));
    expect([...externalFiles].sort()).toEqual(
      ['größer', 'indices', 'inner', 'one', 'values', 'weights'].sort(),
    );
    expect([...held]).toEqual(['weights', 'inside']);
  });

  test('refuses bytes truncated at any position', () => {
    const bytes = readFileSync(models[0]!);
    for (let end = 1; end < bytes.length; end += 997) {
      const cut = bytes.subarray(0, end);
      let isWhole = true;
      try {
        fromBinary(ModelProtoSchema, cut);
      } catch {
        isWhole = false;
      }
      if (isWhole) expect(skimmed(cut)).toEqual(parsed(cut));
      else expect(() => skimOnnx(cut), `${end} bytes`).toThrow();
    }
  });
});
