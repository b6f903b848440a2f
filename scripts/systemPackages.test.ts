import { expect, it } from 'vitest';
import { packagesOfLibraries, parseMissingLibraries } from './systemPackages.ts';

it('finds what ldd misses, and the packages that bring it', () => {
  const output = `
	linux-vdso.so.1 (0x00007ffd)
	libgtk-3.so.0 => not found
	libgdk-3.so.0 => not found
	libnss3.so => not found
	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)
	libstrange.so.7 => not found
`;
  const missing = parseMissingLibraries(output);
  expect(missing).toEqual(['libgtk-3.so.0', 'libgdk-3.so.0', 'libnss3.so', 'libstrange.so.7']);
  expect(packagesOfLibraries(missing)).toEqual({
    packages: ['libgtk-3-0', 'libnss3'],
    unknown: ['libstrange.so.7'],
  });
});
