import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { countNodes, type LayerCost, type MacCount } from '#core/onnx/countMacs.ts';
import { fixedInputSize } from '#core/onnx/inputFacts.ts';
import { formatShape } from '#core/onnx/operators/dims.ts';
import { recogniseSegformer } from '#core/onnx/segformer/recogniseSegformer.ts';
import type { NotRecognised, Recognition } from '#core/onnx/segformer/recogniseSegformer.ts';
import { gatesOf } from '#core/onnx/segformer/segformerGraph.ts';
import { savedByFolding } from '#core/onnx/segformer/unfoldedHead.ts';
import { inferShapes } from '#core/onnx/shapes.ts';
import { summariseOnnx, type OnnxSummary, type TensorSummary } from '#core/onnx/summary.ts';
import { retargetKeepRatio } from '#core/onnx/retargetKeepRatio.ts';
import { preparedSize } from '#core/models/modelFacts.ts';
import type { PreprocessorConfig } from '#core/models/modelInfo.ts';
import { resolveModel } from '../../main/node/modelCatalog.ts';
import { readOnnxFile } from '../../main/node/readOnnxFile.ts';
import { printJson } from '../console.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import type { Size } from '../parseSize.ts';
import { catalogFile } from '../repositoryFiles.ts';

export interface InspectOptions {
  /** An id of the catalogue, the path of a model folder, or of an ONNX file. */
  readonly model: string;
  /** Of the model's input. Default: the size that the model is fixed to, else that of its preprocessor. */
  readonly size?: Size;
  /** Of a student: count it at this keep ratio, 0 to 1, in place of the file's. */
  readonly keep?: number;
  /** One JSON object on stdout in place of the table. */
  readonly json: boolean;
  /** How many layers the table lists, the most expensive first. Default 20. */
  readonly layers?: number;
}

/** What `inspect --json` prints. */
interface Inspection extends MacCount, OnnxSummary {
  /** What the optimiser sees in the graph. */
  readonly segformer: SegformerSummary;
  readonly model: string;
  readonly file: string;
  readonly bytes: number;
  readonly height: number;
  readonly width: number;
  /** Of a SegFormer: 10^9 multiply-adds with the head as published, which is the base of savings in the literature. */
  readonly unfoldedGmacs?: number;
}

/** `dynaseg inspect`: what an ONNX file is and what it costs at an input size, layer by layer. */
export async function inspect(options: InspectOptions): Promise<ExitCode> {
  const { id, file, preprocessor } = await findFile(options.model);
  const { model, bytes } = await readOnnxFile(file);
  if (options.keep !== undefined) retargetKeepRatio(model, options.keep);
  const size = options.size ?? fixedInputSize(model) ?? preparedSize(preprocessor ?? { size: 512 });
  const facts = inferShapes(model, size);
  const recognition = recogniseSegformer(model);
  const cost = countNodes(facts);
  const inspection: Inspection = {
    model: id,
    file,
    bytes,
    ...size,
    ...cost,
    ...(recognition.recognised && {
      unfoldedGmacs: (cost.macs + savedByFolding(recognition.graph, size)) / 1e9,
    }),
    ...summariseOnnx(model, facts),
    segformer: describeRecognition(recognition),
  };
  if (options.json) printJson(inspection);
  else process.stdout.write(`${formatInspection(inspection, options.layers ?? 20).join('\n')}\n`);
  return EXIT.ok;
}

async function findFile(
  model: string,
): Promise<{ id: string; file: string; preprocessor: PreprocessorConfig | undefined }> {
  const status = await stat(model).catch(() => null);
  if (status?.isFile()) return { id: basename(model), file: model, preprocessor: undefined };
  const info = await resolveModel(model, catalogFile);
  return { id: info.id, file: info.onnxFile, preprocessor: info.preprocessor };
}

function formatInspection(inspection: Inspection, layerCount: number): string[] {
  const { layers, gates } = inspection;
  const byCost = [...layers].sort((a, b) => b.macs - a.macs || b.params - a.params);
  const shown = byCost.slice(0, layerCount);
  const rest = byCost.slice(layerCount);
  const sum = (list: readonly LayerCost[], of: 'macs' | 'params') =>
    list.reduce((t, layer) => t + layer[of], 0);
  const row = (cells: readonly string[]) =>
    `${cells[0]!.padStart(10)} ${cells[1]!.padStart(7)} ${cells[2]!.padStart(11)}  ${cells[3]!.padEnd(18)} ${cells[4]!}`;
  const share = (macs: number) => `${((100 * macs) / Math.max(1, inspection.macs)).toFixed(1)}%`;
  const cost = (macs: number, params: number) => [(macs / 1e6).toFixed(1), share(macs), String(params)];
  return [
    `${inspection.model}: ${inspection.file}, ${(inspection.bytes / 1e6).toFixed(1)} MB`,
    `ONNX IR ${inspection.irVersion}, opset ${inspection.opset ?? 'none'}, ${inspection.producer || 'producer unknown'}` +
      (inspection.quantised ? ', quantised' : '') +
      (inspection.customDomains.length > 0 ? `, operators of ${inspection.customDomains.join(', ')}` : ''),
    `in   ${inspection.inputs.map(formatTensor).join(', ')}`,
    `out  ${inspection.outputs.map(formatTensor).join(', ')}`,
    formatSegformer(inspection.segformer),
    ...(gates.length > 0 ? ['gates', ...gates.map(formatGate)] : []),
    '',
    `At ${inspection.height}x${inspection.width} (height x width):`,
    row(['M mult-adds', 'share', 'parameters', 'output', 'layer']).trimEnd(),
    ...shown.map((layer) =>
      row([
        ...cost(layer.macs, layer.params),
        formatShape(layer.outputShape ?? []),
        `${layer.op} ${layer.name}`,
      ]),
    ),
    ...(rest.length > 0
      ? [row([...cost(sum(rest, 'macs'), sum(rest, 'params')), '', `${rest.length} more`])]
      : []),
    `${inspection.gmacs.toFixed(2)} G multiply-adds (matrix products and convolutions, attention included), ${(inspection.params / 1e6).toFixed(2)} M parameters`,
    ...formatUnfolded(inspection),
    ...inspection.uncounted.map((what) => `not counted: ${what}`),
  ];
}

function formatUnfolded({ gmacs, unfoldedGmacs }: Inspection): string[] {
  if (unfoldedGmacs === undefined || unfoldedGmacs === gmacs) return [];
  const saved = (100 * (1 - gmacs / unfoldedGmacs)).toFixed(1);
  return [`${unfoldedGmacs.toFixed(2)} G with the head as published, not folded: ${saved}% less`];
}

type SegformerSummary =
  | {
      readonly recognised: true;
      readonly widths: readonly number[];
      readonly depths: readonly number[];
      readonly heads: readonly number[];
      readonly reductions: readonly number[];
      readonly decoderWidth: number;
      readonly classes: number;
      readonly head: 'mlp' | 'folded';
      readonly gates: number;
    }
  | NotRecognised;

function describeRecognition(recognition: Recognition): SegformerSummary {
  if (!recognition.recognised) return recognition;
  const { stages, head } = recognition.graph;
  const ofStages = <T>(read: (stage: (typeof stages)[number]) => T) => stages.map(read);
  return {
    recognised: true,
    widths: ofStages(({ norm }) => norm.scale.length),
    depths: ofStages(({ blocks }) => blocks.length),
    heads: ofStages(({ blocks }) => blocks[0]?.attention.heads ?? 0),
    reductions: ofStages(({ blocks }) => blocks[0]?.attention.reduction?.conv.stride ?? 1),
    decoderWidth: head.classifier.weight.dims[1] ?? 0,
    classes: head.classifier.weight.dims[0] ?? 0,
    head: head.kind,
    gates: gatesOf(recognition.graph).length,
  };
}

function formatSegformer(found: SegformerSummary): string {
  if (!found.recognised) {
    return `not recognised as a SegFormer, runs as it is: ${found.where}: expected ${found.expected}, found ${found.found}`;
  }
  const { widths, depths, heads, reductions, decoderWidth, classes, head, gates } = found;
  const list = (values: readonly number[]) => values.join('/');
  return (
    `SegFormer: widths ${list(widths)}, blocks ${list(depths)}, heads ${list(heads)}, keys reduced by ${list(reductions)}, ` +
    `head of ${decoderWidth} channels${head === 'folded' ? ', folded' : ''}, ${classes} classes, ${gates === 0 ? 'no' : gates} gates`
  );
}

function formatTensor(tensor: TensorSummary): string {
  const shape = tensor.shape?.map((dim) => (dim === '' ? '?' : dim)).join('x') ?? '?';
  return `${tensor.name} ${tensor.type} ${shape}`;
}

function formatGate(gate: OnnxSummary['gates'][number]): string {
  return `     ${gate.name} keeps ${gate.kept ?? '?'} of ${gate.neurons ?? '?'}${gate.exposed ? '' : ' (not an output)'}`;
}
