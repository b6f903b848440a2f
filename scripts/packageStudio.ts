import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Arch, build as buildPackages, Platform, type AfterPackContext } from 'electron-builder';
import { buildStudio } from './build.ts';
import { buildWhenChanged } from './buildStamp.ts';
import { drawIcons } from './drawIcons.ts';
import { findElectron, type ElectronRuntime } from './electronRuntime.ts';
import { FALLBACK_VERSION } from './fallbackElectron.ts';
import { readFuses } from './fuseWire.ts';
import { inRepository, ROOT } from './repository.ts';
import { thirdPartyNotices } from './thirdPartyNotices.ts';

type Log = (line: string) => void;

/** electron-builder's name for each of our fuses, as it is in electron-builder.yml, and Electron's own. */
const FUSE_NAMES = {
  runAsNode: 'RunAsNode',
  enableCookieEncryption: 'EnableCookieEncryption',
  enableNodeOptionsEnvironmentVariable: 'EnableNodeOptionsEnvironmentVariable',
  enableNodeCliInspectArguments: 'EnableNodeCliInspectArguments',
  enableEmbeddedAsarIntegrityValidation: 'EnableEmbeddedAsarIntegrityValidation',
  onlyLoadAppFromAsar: 'OnlyLoadAppFromAsar',
  grantFileProtocolExtraPrivileges: 'GrantFileProtocolExtraPrivileges',
} as const;

export interface PackagedStudio {
  /** The unpacked package: what an installer puts on the disk. */
  readonly folder: string;
  /** Absolute path of the studio's binary in it. */
  readonly executable: string;
  /** Paths of the installers; none where only the folder was asked for. */
  readonly installers: readonly string[];
}

async function versionOf(runtime: ElectronRuntime): Promise<string> {
  if (runtime.source === 'fallback') return FALLBACK_VERSION;
  const file = join(distOf(runtime), 'version');
  return (await readFile(file, 'utf8')).trim().replace(/^v/, '');
}

/** The folder that electron-builder copies: on a Mac the one that Electron.app lies in. */
function distOf({ executable }: ElectronRuntime): string {
  return process.platform === 'darwin' ? dirname(dirname(dirname(dirname(executable)))) : dirname(executable);
}

/** Where electron-builder leaves the unpacked package of this machine's platform. */
function unpackedOf(): { folder: string; executable: string } {
  const output = inRepository('dist', 'packages');
  const arch = process.arch === 'x64' ? '' : `-${process.arch}`;
  switch (process.platform) {
    case 'darwin': {
      const folder = join(output, `mac${arch}`, 'DynaSeg Studio.app');
      return { folder, executable: join(folder, 'Contents', 'MacOS', 'DynaSeg Studio') };
    }
    case 'win32': {
      const folder = join(output, `win${arch}-unpacked`);
      return { folder, executable: join(folder, 'DynaSeg Studio.exe') };
    }
    default: {
      const folder = join(output, `linux${arch}-unpacked`);
      return { folder, executable: join(folder, 'dynaseg-studio') };
    }
  }
}

/** What electron-builder puts together is ours alone: no trace of what the fallback's starter needs. */
async function removeStarter({ appOutDir }: AfterPackContext): Promise<void> {
  await rm(join(appOutDir, 'resources', 'app'), { recursive: true, force: true });
  await rm(join(appOutDir, '.complete'), { force: true });
}

/** Leaves out, and names, the fuses that came after the runtime in use: setting one is an error. */
function keepKnownFuses(binary: string, log: Log) {
  return async ({ packager }: AfterPackContext): Promise<void> => {
    const known = await readFuses(binary);
    const config = packager.config as { electronFuses: Partial<Record<keyof typeof FUSE_NAMES, boolean>> };
    const unknown = Object.entries(FUSE_NAMES).filter(([, name]) => !known.has(name));
    for (const [, name] of unknown) {
      log(`package: this Electron has no fuse ${name}; the official one has`);
    }
    const left = new Set(unknown.map(([key]) => key));
    const fuses = Object.fromEntries(Object.entries(config.electronFuses).filter(([key]) => !left.has(key)));
    config.electronFuses = fuses;
  };
}

/**
 * Builds the studio and packages it for this machine's platform as electron-builder.yml says. Without `installers`
 * only the unpacked folder is made, which needs nothing from the network. Throws an Error where installers are asked
 * for and only the fallback runtime can be had: that one is for testing.
 */
export async function packageStudio(options: { installers: boolean }, log: Log): Promise<PackagedStudio> {
  const runtime = await findElectron(log);
  if (options.installers && runtime.source === 'fallback') {
    throw new Error(
      'Installers are made of the official Electron, which could not be downloaded: set ELECTRON_MIRROR or ' +
        'HTTPS_PROXY to where it can be had. The unpacked package for testing: npm run package -- --dir',
    );
  }
  await buildStudio(log);
  await buildWhenChanged('icons', ['scripts/drawIcons.ts', 'package-lock.json'], drawIcons);
  await writeFile(inRepository('dist', 'THIRD-PARTY-NOTICES.txt'), await thirdPartyNotices());
  const unpacked = unpackedOf();
  await rm(unpacked.folder, { recursive: true, force: true });
  const arch = process.arch === 'arm64' ? Arch.arm64 : Arch.x64;
  const artifacts = await buildPackages({
    projectDir: ROOT,
    targets: Platform.current().createTarget(options.installers ? null : 'dir', arch),
    publish: 'never',
    config: {
      // Tells electron-builder that node_modules are none of its business, which spares it the search through them.
      npmRebuild: true,
      beforeBuild: () => Promise.resolve(false),
      electronDist: distOf(runtime),
      electronVersion: await versionOf(runtime),
      afterExtract: removeStarter,
      afterPack: keepKnownFuses(runtime.executable, log),
    },
  });
  return { ...unpacked, installers: options.installers ? artifacts : [] };
}
