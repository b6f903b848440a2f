import { join } from 'node:path';
import { parseHubAddress, type HubListing } from '#core/models/hubRepository.ts';
import { ProblemError } from '#core/problem.ts';
import { readAddedModels, rememberAddedModel } from '../../main/node/addedModels.ts';
import { hubEndpoint } from '../../main/node/hub/hubEndpoint.ts';
import { downloadFromHub, lookAtHub } from '../../main/node/hub/hubModels.ts';
import { readModelFolder } from '../../main/node/modelFolder.ts';
import { readSettings } from '../../main/node/settingsFile.ts';
import { downloadedModelsFolder, userDataFolder } from '../../main/node/userDataFolder.ts';
import { printJson, say, sayProblem } from '../console.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';

export interface HubArguments {
  /** `org/name`, `org/name@revision`, or the address of its page. */
  readonly repository: string;
  /** Default: what `repository` says, else main. */
  readonly revision?: string;
  /** Default: HF_ENDPOINT, then the studio's settings. */
  readonly endpoint?: string;
  readonly json: boolean;
}

const addedModelsFile = () => join(userDataFolder(), 'models.json');

async function taskOf({ repository, revision, endpoint }: HubArguments) {
  const { hubEndpoint: setting } = await readSettings(join(userDataFolder(), 'settings.json'));
  const address = parseHubAddress(revision === undefined ? repository : `${repository}@${revision}`);
  return {
    address,
    access: { endpoint: hubEndpoint({ option: endpoint, setting }).url, token: process.env.HF_TOKEN },
    modelsFolder: downloadedModelsFolder(),
  };
}

/** `dynaseg models look`: the ONNX files that a repository of the Hub has. */
export async function lookAtModel(options: HubArguments): Promise<ExitCode> {
  const listing = await lookAtHub(await taskOf(options));
  if (options.json) printJson(listing);
  else process.stdout.write(`${formatListing(listing).join('\n')}\n`);
  return EXIT.ok;
}

/**
 * `dynaseg models add`: downloads a model of the Hub into the user's models folder, where the studio finds it, too.
 * Prints the path by which other commands open it.
 */
export async function addModel(options: HubArguments & { readonly variant?: string }): Promise<ExitCode> {
  const task = await taskOf(options);
  const stop = new AbortController();
  const interrupt = () =>
    stop.abort(
      new ProblemError({
        code: 'hub.cancelled',
        title: 'stopped',
        subject: options.repository,
        hint: 'What is here is kept: the same command goes on from there',
      }),
    );
  process.once('SIGINT', interrupt);
  const progress = createByteProgress();
  try {
    const path = await downloadFromHub({
      ...task,
      variant: options.variant,
      signal: stop.signal,
      onProgress: progress.at,
    });
    progress.end();
    const info = await readModelFolder(path);
    await rememberAddedModel(addedModelsFile(), info.source ?? path);
    for (const problem of info.problems) sayProblem(problem);
    if (options.json) printJson({ path, ...info });
    else process.stdout.write(`${path}\n`);
    return EXIT.ok;
  } finally {
    progress.end();
    process.off('SIGINT', interrupt);
  }
}

/** `dynaseg models list`: the models that were added, in the studio or here. */
export async function listModels({ json }: { readonly json: boolean }): Promise<ExitCode> {
  const models = [];
  for (const path of await readAddedModels(addedModelsFile())) {
    const info = await readModelFolder(path).catch(() => null);
    if (info)
      models.push({ path, name: info.name, classes: info.classTable.classes.length, bytes: info.bytes });
    else say(`note: ${path}: it is not there any more, or cannot be read`);
  }
  if (json) printJson(models);
  else
    for (const { path, name, classes } of models)
      process.stdout.write(`${name}, ${classes} classes: ${path}\n`);
  return EXIT.ok;
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

function formatListing({ repository, commit, endpoint, licence, variants, hasConfig }: HubListing): string[] {
  const here = { no: '', part: ', partly downloaded', all: ', downloaded' } as const;
  return [
    `${repository} at ${commit.slice(0, 8)}, from ${endpoint}`,
    `licence: ${licence ?? 'not stated'}`,
    ...variants.map(
      (variant) => `${variant.file}  ${variant.precision}, ${megabytes(variant.bytes)}${here[variant.here]}`,
    ),
    ...(hasConfig ? [] : ['It has no config.json: its classes have to be named in a dynaseg.json']),
  ];
}

/** Bytes on one line that is written over on a terminal, and about every tenth of the way in a log. */
function createByteProgress() {
  let printed = -1;
  const live = process.stderr.isTTY;
  return {
    at: ({ file, done, total }: { file: string; done: number; total: number }): void => {
      const line = `${megabytes(done)} of ${megabytes(total)} ${file}`;
      const tenth = Math.floor((10 * done) / Math.max(1, total));
      if (live) process.stderr.write(`\r\x1b[2K${line}`);
      else if (tenth > printed) say(line);
      printed = Math.max(printed, tenth);
    },
    end: (): void => {
      if (live) process.stderr.write('\r\x1b[2K');
    },
  };
}
