import type { CDPSession, Page } from '@playwright/test';

export interface StrokeFigures {
  /** From the browser's time stamp of a pointer event to the end of the frame that shows it, ms. */
  readonly median: number;
  readonly p95: number;
  /** 95 of 100 from when the event reached the page: without the wait for the next frame, which the display sets. */
  readonly delivered: number;
  /** The longest time between two frames while the button was held, ms. */
  readonly longestFrame: number;
  /** From the first event of a frame in the window's thread to the end of that frame, ms, in the middle. */
  readonly work: number;
  /** Processor time of the window's thread for one frame, ms: what other programs do does not count. */
  readonly cpu: number;
  /** The same for the frame in which the button came up: the step is closed and sent off. */
  readonly release: number;
}

/** What the page's side of the probe keeps on `window.probe`. */
interface PageProbe {
  reset(): void;
  read(): {
    latencies: number[];
    delivered: number[];
    frames: number[];
    work: number[];
    release: number;
    longest: number;
  };
}

/**
 * Watches frames from inside the page. A frame is done when a message posted from its animation callback
 * arrives: by then style, layout, paint and, without a GPU, the drawing of the canvases are behind it.
 */
export class FrameProbe {
  private constructor(
    private readonly page: Page,
    private readonly session: CDPSession,
  ) {}

  static async install(page: Page): Promise<FrameProbe> {
    await page.evaluate(() => {
      let latencies: number[] = [];
      let delivered: number[] = [];
      let frames: number[] = [];
      let work: number[] = [];
      let release = 0;
      let longest = 0;
      let stamps: number[] = [];
      let arrivals: number[] = [];
      let first = 0;
      let held = false;
      let last = 0;
      let asked = false;
      const channel = new MessageChannel();
      let pending: { stamps: number[]; arrivals: number[]; first: number; released: boolean }[] = [];
      let released = false;
      channel.port1.onmessage = () => {
        const now = performance.now();
        for (const frame of pending) {
          for (const stamp of frame.stamps) latencies.push(now - stamp);
          for (const arrival of frame.arrivals) delivered.push(now - arrival);
          if (frame.released) release = now - frame.first;
          else work.push(now - frame.first);
        }
        pending = [];
      };
      const onEvent = (event: PointerEvent) => {
        if (event.type === 'pointerdown') {
          held = true;
          last = 0;
        }
        if (!held) return;
        if (stamps.length === 0) first = performance.now();
        stamps.push(event.timeStamp);
        arrivals.push(performance.now());
        if (event.type === 'pointerup') {
          held = false;
          released = true;
        }
        if (asked) return;
        asked = true;
        requestAnimationFrame(() => {
          asked = false;
          pending.push({ stamps, arrivals, first, released });
          stamps = [];
          arrivals = [];
          released = false;
          channel.port2.postMessage(null);
        });
      };
      for (const type of ['pointerdown', 'pointermove', 'pointerup'] as const)
        window.addEventListener(type, onEvent, { capture: true });
      const tick = (now: number) => {
        if (last > 0) {
          if (held) frames.push(now - last);
          longest = Math.max(longest, now - last);
        }
        last = now;
        requestAnimationFrame(tick);
      };
      requestAnimationFrame(tick);
      const probe: PageProbe = {
        reset() {
          latencies = [];
          delivered = [];
          frames = [];
          work = [];
          release = 0;
          longest = 0;
          last = 0;
        },
        read: () => ({ latencies, delivered, frames, work, release, longest }),
      };
      (window as unknown as { probe: PageProbe }).probe = probe;
    });
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    return new FrameProbe(page, session);
  }

  async stroke(paint: () => Promise<void>): Promise<StrokeFigures> {
    const before = await this.taskSeconds();
    const { latencies, delivered, frames, work, release } = await this.watch(paint);
    const spent = (await this.taskSeconds()) - before;
    return {
      median: quantile(latencies, 0.5),
      p95: quantile(latencies, 0.95),
      delivered: quantile(delivered, 0.95),
      longestFrame: Math.max(...frames),
      work: quantile(work, 0.5),
      cpu: (spent * 1000) / work.length,
      release,
    };
  }

  /** The longest time between two frames while `act` runs, ms. */
  async longestFrame(act: () => Promise<void>): Promise<number> {
    return (await this.watch(act)).longest;
  }

  /** Milliseconds from `act` until the picture's canvas has colour in its middle, at a scale of its own. */
  async timeUntilPicture(act: () => Promise<void>): Promise<number> {
    const begun = Date.now();
    await act();
    const shown = await this.page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const look = () => {
            // The picture's own: class maps lie in canvases of their own after it.
            const canvas = document.querySelector<HTMLCanvasElement>('[data-testid="stage-mask"] canvas');
            const pixel = canvas
              ?.getContext('2d')
              ?.getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data;
            if (pixel && pixel[3] !== 0) requestAnimationFrame(() => resolve(Date.now()));
            else requestAnimationFrame(look);
          };
          look();
        }),
    );
    return shown - begun;
  }

  /** Processor seconds that the window's thread has spent on tasks. */
  private async taskSeconds(): Promise<number> {
    const { metrics } = await this.session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN;
  }

  private async watch(act: () => Promise<void>): Promise<ReturnType<PageProbe['read']>> {
    await this.page.evaluate(() => (window as unknown as { probe: PageProbe }).probe.reset());
    await act();
    await this.page.waitForTimeout(200);
    return this.page.evaluate(() => (window as unknown as { probe: PageProbe }).probe.read());
  }
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
