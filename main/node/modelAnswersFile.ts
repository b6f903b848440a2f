import { modelAnswersSchema, type ModelAnswers } from '#core/models/modelMapping.ts';
import { z } from 'zod';
import { writeFileAtomic } from './atomicFile.ts';
import type { AnswerSource } from './modelFolder.ts';
import { readJson } from './readJson.ts';

const fileSchema = z.object({
  version: z.literal(1),
  /** The chosen ONNX file by model folder. */
  files: z.record(z.string(), z.string()),
  /** What was said of a graph, by the SHA-256 of its file: it is the same wherever it lies. */
  graphs: z.record(z.string(), modelAnswersSchema),
});
type Contents = z.infer<typeof fileSchema>;

/** What the user said of models, between starts. */
export class ModelAnswersFile implements AnswerSource {
  private contents: Promise<Contents> | null = null;

  /** `path`: JSON that this class alone writes. */
  constructor(private readonly path: string) {}

  async fileOf(folder: string): Promise<string | undefined> {
    return (await this.read()).files[folder];
  }

  async of(sha256: string): Promise<ModelAnswers | undefined> {
    return (await this.read()).graphs[sha256];
  }

  async chooseFile(folder: string, file: string): Promise<void> {
    const contents = await this.read();
    await this.write({ ...contents, files: { ...contents.files, [folder]: file } });
  }

  async answer(sha256: string, answers: ModelAnswers): Promise<void> {
    const contents = await this.read();
    await this.write({ ...contents, graphs: { ...contents.graphs, [sha256]: answers } });
  }

  private read(): Promise<Contents> {
    const names = { code: 'modelAnswers', subject: this.path };
    this.contents ??= readJson(this.path, fileSchema, names)
      // Damaged: what it said is asked for again.
      .catch(() => null)
      .then((found) => found ?? { version: 1, files: {}, graphs: {} });
    return this.contents;
  }

  private async write(contents: Contents): Promise<void> {
    await writeFileAtomic(this.path, JSON.stringify(contents));
    this.contents = Promise.resolve(contents);
  }
}
