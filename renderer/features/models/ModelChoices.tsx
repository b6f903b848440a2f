import type { ModelInfo } from '#core/models/modelInfo.ts';
import { toProblem } from '#core/problem.ts';
import { answerModel } from '../../store/chooseModel.ts';
import { useToasts } from '../../store/useToasts.ts';
import { bytes } from '../../ui/format.ts';

/** Of a model that the user added: which of its files runs, and what its graph takes and gives. */
export function ModelChoices({
  model,
  describe,
}: {
  readonly model: ModelInfo;
  readonly describe: () => void;
}) {
  const { files = [], folder, onnxFile, found, source } = model;
  const running = files.find(({ file }) => onnxFile.replaceAll('\\', '/').endsWith(`/${file}`));
  const choose = async (file: string): Promise<void> => {
    try {
      await answerModel(model.id, { version: 1, file });
    } catch (error) {
      useToasts.getState().showProblem(toProblem(error, { code: 'models.answer', subject: model.name }));
    }
  };
  return (
    <div className="model-choices">
      {files.length > 1 && source === folder && (
        <select
          className="select"
          aria-label={`ONNX file of ${model.name}`}
          data-testid={`model-file-${model.id}`}
          value={running?.file ?? ''}
          onChange={(event) => void choose(event.target.value)}
        >
          {files.map((each) => (
            <option key={each.file} value={each.file}>
              {each.file} · {each.precision} · {bytes(each.bytes)}
            </option>
          ))}
        </select>
      )}
      {found && (
        <button
          type="button"
          className={`button ${model.mapping === null ? 'primary' : ''}`}
          data-testid={`describe-${model.id}`}
          onClick={describe}
        >
          {model.mapping === null ? 'Describe it…' : 'Input and output…'}
        </button>
      )}
    </div>
  );
}
