import { create } from '@bufbuild/protobuf';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FuzzRandom } from '#core/fuzz/fuzzRandom.ts';
import { graphSeed } from '#core/fuzz/graphSeed.ts';
import { EDGE_NUMBERS, mutateBytes } from '#core/fuzz/mutateBytes.ts';
import { HOSTILE_NAMES } from '#core/fuzz/mutateJson.ts';
import { mutateProtobuf } from '#core/fuzz/mutateProtobuf.ts';
import { checkOperators } from '#core/models/checkOperators.ts';
import { findInterface } from '#core/models/findInterface.ts';
import { metadataNames } from '#core/models/metadataNames.ts';
import { NO_ANSWERS } from '#core/models/modelMapping.ts';
import { makeRunForm } from '#core/models/runForm.ts';
import type { OnnxModel } from '#core/onnx/onnxModel.ts';
import { StringStringEntryProtoSchema, TensorProto_DataLocation } from '#core/onnx/proto/onnx.generated.ts';
import { readOnnx } from '#core/onnx/readOnnx.ts';
import { summariseOnnx } from '#core/onnx/summary.ts';
import { writeOnnx } from '#core/onnx/writeOnnx.ts';
import { readOnnxFile } from '../../main/node/readOnnxFile.ts';
import { tinyOnnx } from '../../main/node/testing/modelFolder.ts';
import { Attempts } from './attempts.ts';
import type { FuzzTarget } from './fuzzKind.ts';

/** What a model may not read, though it is there: beside its folder, above it, and over a link in it. */
const SECRET = 'secret.bin';
const SECRET_BYTES = new Uint8Array(200).fill(7);
const WEIGHTS = 'model.onnx_data';
const OUTSIDE = [
  `../${SECRET}`,
  `../../${SECRET}`,
  `a/../../${SECRET}`,
  `..\\${SECRET}`,
  'link.bin',
  'links/secret.bin',
];

/** Protobuf has no texts with half a character. */
const NAMES = HOSTILE_NAMES.filter((name) => name !== '\ud800');

function look(model: OnnxModel, random: FuzzRandom): void {
  checkOperators(model);
  summariseOnnx(model);
  const names = metadataNames(model)?.length ?? null;
  const { mapping } = findInterface(model, { answers: NO_ANSWERS, names });
  makeRunForm(model, random.pick(['wasm', 'webgpu', 'plain'] as const), mapping);
}

/** A graph whose weights lie in a file, by a name and at a place that may be anything. */
function withExternalWeights(random: FuzzRandom, secret: string): Uint8Array {
  const model = readOnnx(tinyOnnx(), 'seed');
  const weight = model.proto.graph!.initializer[0]!;
  const name = random.pick([WEIGHTS, ...OUTSIDE, secret, random.pick(NAMES)]);
  const number = (usual: number) =>
    String(random.chance(60) ? usual : random.pick([-1, 0.5, NaN, ...EDGE_NUMBERS]));
  weight.rawData = new Uint8Array();
  weight.floatData = [];
  weight.dataLocation = TensorProto_DataLocation.EXTERNAL;
  weight.externalData = [
    ['location', name] as const,
    ['offset', number(0)] as const,
    ['length', number(24)] as const,
  ].map(([key, value]) => create(StringStringEntryProtoSchema, { key, value }));
  const bytes = writeOnnx(model);
  return random.chance(30) ? mutateProtobuf(bytes, random) : bytes;
}

/**
 * Reads, recognises, summarises and rewrites the graph, as adding a model does, with weights from its own folder alone.
 * Nothing of it is run.
 */
export function onnxTarget(): FuzzTarget {
  const seeds = [graphSeed(), tinyOnnx()];
  const placeOf = (folder: string) => join(folder, 'store', 'model');
  return {
    async prepare(folder) {
      const place = placeOf(folder);
      await mkdir(place, { recursive: true });
      for (const secret of [join(place, '..', SECRET), join(place, '..', '..', SECRET)])
        await writeFile(secret, SECRET_BYTES);
      await writeFile(join(place, WEIGHTS), new Uint8Array(24));
      await symlink(join('..', SECRET), join(place, 'link.bin'));
      await symlink('..', join(place, 'links'));
    },
    async run(random, folder) {
      const attempts = new Attempts();
      if (random.chance(25)) {
        const secret = join(folder, 'store', SECRET);
        const file = join(placeOf(folder), 'model.onnx');
        await writeFile(file, withExternalWeights(random, secret));
        await attempts.read(async () => {
          const { model } = await readOnnxFile(file);
          for (const [name, bytes] of model.externalFiles) {
            if (Buffer.from(SECRET_BYTES).equals(bytes))
              throw new Error(`it reads outside of its folder: ${name}`);
          }
          look(model, random);
        });
        return attempts.accepted;
      }
      const seed = random.pick(seeds);
      const bytes = random.chance(70) ? mutateProtobuf(seed, random) : mutateBytes(seed, random);
      await attempts.read(() => look(readOnnx(bytes, 'fuzzed.onnx'), random));
      return attempts.accepted;
    },
  };
}
