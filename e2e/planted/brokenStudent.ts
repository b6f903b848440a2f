import { findGates } from '#core/onnx/findGates.ts';
import { setKept } from '#core/onnx/retargetKeepRatio.ts';
import { writeOnnx } from '#core/onnx/writeOnnx.ts';
import { resolveModel } from '../../main/node/modelCatalog.ts';
import { writeModelFolder } from '../../main/node/pruneFolder.ts';
import { readOnnxFile } from '../../main/node/readOnnxFile.ts';
import { inRepository } from '../../scripts/repository.ts';

/**
 * Writes the embedded student with the gate of one layer broken: of all its neurons it lets two through.
 *
 * @param folder a new folder, whose name becomes the student's id
 * @param layer `gate.0.0.ffn`
 */
export async function writeBrokenStudent(folder: string, layer: string): Promise<string> {
  const student = await resolveModel('dynasegformer-b0-street-k70', inRepository('models/catalog.json'));
  const { model } = await readOnnxFile(student.onnxFile);
  const gate = findGates(model).find(({ name }) => name === layer);
  if (!gate) throw new Error(`the embedded student has no gate ${layer}`);
  setKept(gate, 2);
  const card = (id: string) => ({ ...student.card, id, name: 'Student with a broken gate' });
  return writeModelFolder({ onnx: writeOnnx(model), card }, student, folder);
}
