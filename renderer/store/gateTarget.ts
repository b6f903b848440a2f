import { runSettingsKey } from '#core/inference/runSettings.ts';
import type { ImageEntry } from '#core/ipc/schemas.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import type { LabImage, LabModel } from '../inference/gatesProtocol.ts';
import { modelIn } from './useModels.ts';
import { currentImage, useProject } from './useProject.ts';
import { runSettingsOf, useSettings } from './useSettings.ts';

/** The student and the picture whose gates are looked at. */
export interface GateTarget {
  readonly image: ImageEntry;
  readonly student: ModelInfo;
  /** The same text: the same answers. */
  readonly key: string;
}

/** null where there is no student, or no picture that can be opened. */
export function gateTarget(): GateTarget | null {
  const image = currentImage();
  const student = modelIn('student');
  const projectId = useProject.getState().project?.id;
  if (!image || !student || projectId === undefined || image.problem?.severity === 'error') return null;
  const { optimiseModels } = useSettings.getState().settings;
  const settings = runSettingsKey(runSettingsOf(student.id));
  return { image, student, key: [projectId, image.id, student.sha256, settings, optimiseModels].join(' ') };
}

/** A model as the worker that takes students apart is told of it. */
export function labModel(model: ModelInfo): LabModel {
  const { onnxUrl, name, sha256, preprocessor, id } = model;
  const originalUrl = `${onnxUrl}?form=original`;
  const url = useSettings.getState().settings.optimiseModels ? `${onnxUrl}?form=wasm` : originalUrl;
  return { url, originalUrl, name, sha256, preprocessor, settings: runSettingsOf(id) };
}

export const labImage = ({ url, name }: ImageEntry): LabImage => ({ url, name });
