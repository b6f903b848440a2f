import { parseArgs } from 'node:util';
import { packageStudio } from './packageStudio.ts';

const USAGE = `npm run package [-- --dir]
Makes the installers for this platform in dist/packages; with --dir only the unpacked folder. See docs/package.md.`;

/** `npm run package`: the installers of this platform, or the unpacked folder. */
try {
  const { values } = parseArgs({ options: { dir: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help) {
    console.log(USAGE);
  } else {
    const { executable, installers } = await packageStudio({ installers: !values.dir }, (line) =>
      console.log(line),
    );
    for (const path of installers) console.log(path);
    console.log(`The unpacked studio: ${executable}`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
