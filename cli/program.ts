import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { FORMATS } from '#core/formats/formatRegistry.ts';
import { DEFAULT_CORRECTED_WEIGHT, DEFAULT_SMALLEST_DISPUTE } from '#core/formats/retrainOptions.ts';
import { SPLIT_KINDS } from '#core/formats/splitImages.ts';
import { LARGEST_WEIGHT } from '#core/formats/trainingWeights.ts';
import { inputSizingSchema, SIZING_WORDS } from '#core/inference/runSettings.ts';
import { formatProblem, toProblem } from '#core/problem.ts';
import { compare } from './commands/compare.ts';
import { evaluate } from './commands/evaluate.ts';
import { exportMasks } from './commands/export.ts';
import { gates } from './commands/gates.ts';
import { importMasks } from './commands/import.ts';
import { inspect } from './commands/inspect.ts';
import { lighten } from './commands/lighten.ts';
import { printLedger } from './commands/ledger.ts';
import { merge } from './commands/merge.ts';
import { addModel, listModels, lookAtModel, type HubArguments } from './commands/models.ts';
import { prune } from './commands/prune.ts';
import { compareReports } from './commands/report.ts';
import { writeScenes } from './commands/scenes.ts';
import { createProgress, say } from './console.ts';
import { parseShardOption } from './parseShardOption.ts';
import { parseSize, type Size } from './parseSize.ts';
import { EXIT, type ExitCode } from './exitCodes.ts';

const MODEL_HELP = 'an id of models/catalog.json, or the path of a model folder';

/** Seeds from here on are nobody else's: not the samples', the tests' or the training mix's. */
const DEFAULT_SCENE_SEED = 100_000;

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number above 0.');
  return value;
}

function ratio(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value <= 1))
    throw new InvalidArgumentError('It must be a number above 0, 1 at most.');
  return value;
}

function correctedWeight(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 1 && value <= LARGEST_WEIGHT))
    throw new InvalidArgumentError(`It must be a number from 1 to ${LARGEST_WEIGHT.toFixed(2)}.`);
  return value;
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value < 0.5))
    throw new InvalidArgumentError('It must be a number from 0, below 0.5.');
  return value;
}

/** An option that may be given several times. */
const repeated = (value: string, before: readonly string[]): readonly string[] => [...before, value];

const ratios = (text: string): number[] => text.split(',').map(ratio);

const sizingOption = (): Option =>
  new Option(
    '--sizing <sizing>',
    `how pictures become the model's input. ${Object.entries(SIZING_WORDS)
      .map(([name, { says }]) => `${name}: ${says}`)
      .join(' ')}`,
  )
    .choices(inputSizingSchema.options)
    .default('square');

const noOptimiseOption = (): Option =>
  new Option('--no-optimise', "run the model's own file, not the faster form that the studio makes of it");

/** The commands; each answers with the exit code. */
function createProgram(finish: (code: ExitCode) => void): Command {
  const program = new Command('dynaseg')
    .description('DynaSeg Studio without a window')
    .exitOverride()
    .showHelpAfterError('(--help lists the options)')
    .addHelpText(
      'after',
      '\nExit codes: 0 done; 1 done, but some images could not be used; 2 could not run.\nResults go to stdout or to files, progress and messages to stderr.',
    );

  program
    .command('compare')
    .description('run teacher and student on a folder: masks, difference pictures, summary.json, index.html')
    .argument('<folder>', 'the folder of images')
    .requiredOption('--out <folder>', 'a new folder for the report, or an earlier report')
    .option('--teacher <model>', `${MODEL_HELP}; default: its first teacher`)
    .option('--student <model>', `${MODEL_HELP}; default: its first student`)
    .option('--masks <folder>', 'ground truth; default: the masks folder beside the images, if there is one')
    .option('--json', 'print the summary on stdout too', false)
    .addOption(sizingOption())
    .option(
      '--map <old=new>',
      'where the models have other classes: one of a model and that of the model with fewer, or ignore; may be repeated',
      repeated,
      [],
    )
    .option('--confidence', 'also write confidence/: grey PNGs of softmax maximum and margin', false)
    .option('--keep <ratio>', "keep ratio of the student, 0 to 1; default: the file's", ratio)
    .addOption(noOptimiseOption())
    .option('--threads <n>', 'threads of each run', wholeNumber)
    .action(async (folder: string, options: Omit<Parameters<typeof compare>[0], 'folder'>) => {
      finish(await compare({ ...options, folder }));
    });

  program
    .command('evaluate')
    .description('measure models on a folder: against ground truth, and students against their teacher')
    .requiredOption(
      '--model <model...>',
      `${MODEL_HELP}; several, or the option again: what is said of them together`,
    )
    .requiredOption('--images <folder>', 'the folder of images')
    .option(
      '--masks <folder>',
      'indexed PNG masks with the names of the images; without them models are compared with each other',
    )
    .option('--json', 'print one JSON object on stdout', false)
    .option('--report <folder>', 'write report.html and report.json')
    .addOption(sizingOption())
    .option(
      '--keep <ratios>',
      "keep ratios of the students, 0 to 1: 0.7 or 0.3,0.5; default: the file's",
      ratios,
    )
    .addOption(noOptimiseOption())
    .option(
      '--map <old=new>',
      'where the models have other classes: one of a model and that of the first model, or ignore; may be repeated',
      repeated,
      [],
    )
    .option('--boundary-width <pixels>', 'width of boundary IoU and boundary F', wholeNumber, 3)
    .option('--workers <n>', 'processes that share the images, of one thread each', wholeNumber, 1)
    .option('--threads <n>', 'threads of each run', wholeNumber)
    .option(
      '--shard <i/n>',
      'one part of the folder: 0/8 is the first of eight; needs --out',
      parseShardOption,
    )
    .option('--out <file>', 'keep the results as they come; a run that was killed goes on from it')
    .action(async (options: Parameters<typeof evaluate>[0]) => {
      finish(await evaluate(options));
    });

  program
    .command('merge')
    .description('the figures of shards that evaluate --out wrote, as of one run')
    .argument('<files...>', 'the files of all shards')
    .option('--json', 'print one JSON object on stdout', false)
    .option('--report <folder>', 'write report.html and report.json')
    .action(async (files: string[], options: Omit<Parameters<typeof merge>[0], 'files'>) => {
      finish(await merge({ ...options, files }));
    });

  program
    .command('report')
    .description('what changed between two reports of evaluate or merge')
    .requiredOption('--compare <files...>', 'report.json of the earlier and of the later one')
    .option('--json', 'print one JSON object on stdout', false)
    .option('--out <file>', 'write it as a page, too')
    .action(async (options: Parameters<typeof compareReports>[0]) => {
      finish(await compareReports(options));
    });

  program
    .command('export')
    .description('write the corrected masks of a project')
    .argument('<project>', 'a project file, or the folder of images that it is of')
    .requiredOption('--out <folder>', 'a new or empty folder, or an earlier export')
    .addOption(
      new Option('--format <format>', FORMATS.map(({ id, title }) => `${id}: ${title}`).join('; '))
        .choices(FORMATS.map(({ id }) => id))
        .default('png'),
    )
    .addOption(
      new Option(
        '--split <kind>',
        'none: all for training; random; drive: whole drives (name up to the first _)',
      )
        .choices(SPLIT_KINDS)
        .default('none'),
    )
    .option('--val-share <share>', 'share of the images to validate on', ratio, 0.2)
    .option('--seed <n>', 'seed of the split', wholeNumber, 1)
    .option(
      '--map <old=new>',
      'what a class is called in a format that has its own; for a retrain pack a class of a model and that of the project',
      repeated,
      [],
    )
    .option('--teacher <model>', `retrain pack: whose disputes with the student; ${MODEL_HELP}`)
    .option('--student <model>', `retrain pack: the other side; ${MODEL_HELP}`)
    .option('--keep <ratio>', "retrain pack: keep ratio of the student; default: the file's", ratio)
    .option(
      '--smallest-dispute <pixels>',
      'retrain pack: smaller disputes go to their neighbours',
      wholeNumber,
      DEFAULT_SMALLEST_DISPUTE,
    )
    .option(
      '--corrected-weight <weight>',
      `retrain pack: how much a pixel counts that a person decided, 1 to ${LARGEST_WEIGHT.toFixed(2)}`,
      correctedWeight,
      DEFAULT_CORRECTED_WEIGHT,
    )
    .addOption(sizingOption())
    .addOption(noOptimiseOption())
    .option('--threads <n>', 'threads of each run', wholeNumber)
    .option('--json', 'print one JSON object on stdout', false)
    .action(async (project: string, options: Omit<Parameters<typeof exportMasks>[0], 'project'>) => {
      finish(await exportMasks({ ...options, project }));
    });

  program
    .command('import')
    .description('bring masks of another tool into a project, as masks to fix or as ground truth')
    .argument('<masks>', 'a folder or an annotation file: its format is recognised and named')
    .option('--project <project>', 'a project file, or the folder of images that it is of')
    .option('--images <folder>', 'a folder of images; it becomes a project where it is none')
    .addOption(
      new Option('--as <kind>', 'mask: to be fixed, one step that undo takes back; truth: the ground truth')
        .choices(['mask', 'truth'])
        .default('mask'),
    )
    .addOption(
      new Option('--format <format>', 'what it is, where it is not recognised').choices(
        FORMATS.map(({ id }) => id),
      ),
    )
    .option(
      '--map <old=new>',
      'a class of the masks and that of the project, or ignore; may be repeated',
      repeated,
      [],
    )
    .option('--dry-run', 'only say what would be imported, and what does not fit', false)
    .option('--json', 'print one JSON object on stdout', false)
    .action(async (source: string, options: Omit<Parameters<typeof importMasks>[0], 'source'>) => {
      finish(await importMasks({ ...options, source }));
    });

  program
    .command('ledger')
    .description('who was right in the disputes of a project, class by class')
    .argument('<project>', 'a project file, or the folder of images that it is of')
    .option('--json', 'print one JSON object on stdout', false)
    .action(async (project: string, { json }: { json: boolean }) => {
      finish(await printLedger({ project, json }));
    });

  program
    .command('inspect')
    .description('what a model is and costs, layer by layer')
    .argument('<model>', `${MODEL_HELP}, or of an ONNX file`)
    .option('--size <HxW>', "height and width of the input; default: the model's own", parseSize)
    .option('--keep <ratio>', "keep ratio of a student, 0 to 1; default: the file's", ratio)
    .option('--layers <n>', 'how many layers to list, the most expensive first', wholeNumber, 20)
    .option('--json', 'print one JSON object on stdout', false)
    .action(async (model: string, options: Omit<Parameters<typeof inspect>[0], 'model'>) => {
      finish(await inspect({ ...options, model }));
    });

  const models = program
    .command('models')
    .description('models of the Hugging Face Hub, or of a mirror of it: look, add, list');
  const hubCommand = (name: string, says: string): Command =>
    models
      .command(name)
      .description(says)
      .argument('<repository>', 'org/name, org/name@revision, or the address of its page')
      .option('--revision <revision>', 'a branch, a tag or a commit; default: main')
      .option('--endpoint <url>', "a mirror; default: HF_ENDPOINT, else the studio's settings, else the Hub")
      .option('--json', 'print one JSON object on stdout', false);
  hubCommand('look', 'the ONNX files that a repository has').action(
    async (repository: string, options: Omit<HubArguments, 'repository'>) => {
      finish(await lookAtModel({ ...options, repository }));
    },
  );
  hubCommand('add', 'download a model: resumed where it was cut off, checked by its hash; prints its path')
    .option('--variant <file>', 'which ONNX file: its path, its name or fp32, fp16, int8; default: the best')
    .action(async (repository: string, options: Omit<Parameters<typeof addModel>[0], 'repository'>) => {
      finish(await addModel({ ...options, repository }));
    });
  models
    .command('list')
    .description('the models that were added, here or in the studio')
    .option('--json', 'print one JSON list on stdout', false)
    .action(async (options: { json: boolean }) => {
      finish(await listModels(options));
    });

  program
    .command('gates')
    .description(
      'which neurons a student keeps over a folder: always, sometimes, never; cut the never kept ones',
    )
    .argument('<model>', MODEL_HELP)
    .requiredOption('--images <folder>', 'images to look at; labels are not needed')
    .option('--keep <ratio>', "keep ratio of the student, 0 to 1; default: the file's", ratio)
    .addOption(sizingOption())
    .option(
      '--tolerance <share>',
      'how far from all and from none still counts as always and never',
      share,
      0,
    )
    .option(
      '--cut-never <folder>',
      'write the student without its never kept neurons into a new or empty folder',
    )
    .option('--json', 'print one JSON object on stdout', false)
    .option('--threads <n>', 'threads of each run', wholeNumber)
    .action(async (model: string, options: Omit<Parameters<typeof gates>[0], 'model'>) => {
      finish(await gates({ ...options, model }));
    });

  program
    .command('prune')
    .description('make a student of a SegFormer without training, from some hundred images')
    .argument('<model>', MODEL_HELP)
    .requiredOption('--images <folder>', 'images to calibrate on; labels are not needed')
    .requiredOption('--budget <share>', 'share of the multiply-adds to keep, above 0, at most 1', Number)
    .requiredOption('--out <folder>', 'a new or empty folder for the student')
    .addOption(
      new Option('--method <method>', 'gates fitted in closed form, or neurons cut by magnitude')
        .choices(['dynamic', 'static'])
        .default('dynamic'),
    )
    .option('--json', 'print one JSON object on stdout', false)
    .option('--threads <n>', 'threads of each run', wholeNumber)
    .action(async (model: string, options: Omit<Parameters<typeof prune>[0], 'model'>) => {
      finish(await prune({ ...options, model }));
    });

  program
    .command('lighten')
    .description('make the light form of a model without training: GELU by tanh, large products in 8 bits')
    .argument('<model>', MODEL_HELP)
    .requiredOption('--images <folder>', 'a few images to measure on; labels are not needed')
    .requiredOption('--out <folder>', 'a new or empty folder for the light model')
    .option('--size <HxW>', "height and width that it is fed; default: the model's own", parseSize)
    .option('--keep <ratio>', "keep ratio of a student, 0 to 1; default: the file's", ratio)
    .option(
      '--tolerance <nats>',
      'how far one layer in 8 bits may move the class probabilities; one that moves them further stays in floats',
      Number,
      0.002,
    )
    .option('--json', 'print one JSON object on stdout', false)
    .option('--threads <n>', 'threads of each run', wholeNumber)
    .action(async (model: string, options: Omit<Parameters<typeof lighten>[0], 'model'>) => {
      finish(await lighten({ ...options, model }));
    });

  program
    .command('scenes')
    .description('render street scenes with exact masks: the same seed gives the same files everywhere')
    .requiredOption('--out <folder>', 'images/, masks/ and classes.json are written into it')
    .option('--count <n>', 'how many', wholeNumber, 16)
    .option('--seed <n>', 'seed of the first scene; the next has the next', wholeNumber, DEFAULT_SCENE_SEED)
    .option('--size <HxW>', 'height and width in pixels', parseSize, { height: 360, width: 480 })
    .addOption(new Option('--format <format>', 'of the pictures').choices(['jpg', 'png']).default('jpg'))
    .action(async ({ size, ...options }: SceneArguments) => {
      const progress = createProgress('rendered', options.count);
      await writeScenes({ ...options, ...size, onProgress: (_done, _total, name) => progress.step(name) });
      progress.end();
      finish(EXIT.ok);
    });

  return program;
}

type SceneArguments = Omit<Parameters<typeof writeScenes>[0], keyof Size | 'onProgress'> & { size: Size };

async function main(): Promise<void> {
  const program = createProgram((code) => {
    process.exitCode = code;
  });
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has printed its message; asking for help is no error.
      process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.unusable;
      return;
    }
    say(`error: ${formatProblem(toProblem(error, { code: 'cli.failed' }))}`);
    process.exitCode = EXIT.unusable;
  }
}

await main();
