import { spawn } from 'node:child_process';

export interface VirtualDisplay {
  /** `:99` */
  readonly name: string;
  stop(): void;
}

/** True where windows can be shown: always but on Linux without an X or Wayland server. */
export function hasDisplay(): boolean {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY) || Boolean(process.env.WAYLAND_DISPLAY);
}

/** Starts Xvfb on a free display number. Throws an Error with its words where it does not start. */
export function startVirtualDisplay(size = '1600x1000x24'): Promise<VirtualDisplay> {
  return new Promise((resolve, reject) => {
    const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', size, '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    let said = '';
    let number = '';
    server.stderr!.setEncoding('utf8').on('data', (text: string) => (said += text));
    server.once('error', (error) => reject(new Error(`Xvfb did not start: ${error.message}`)));
    server.once('exit', (code) =>
      reject(new Error(`Xvfb ended with status ${String(code)}: ${said.trim().slice(-500)}`)),
    );
    server.stdio[3]!.on('data', (bytes: Buffer) => {
      number += bytes.toString();
      if (!number.includes('\n')) return;
      server.unref();
      const stop = () => server.kill();
      process.once('exit', stop);
      resolve({ name: `:${number.trim()}`, stop });
    });
  });
}
