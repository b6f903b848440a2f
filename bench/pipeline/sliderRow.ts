import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { medianOf } from '../../cli/inference/medianOf.ts';
import { launchStudio } from '../../e2e/studio.ts';
import { buildStudio } from '../../scripts/build.ts';
import { inRepository } from '../../scripts/repository.ts';

/**
 * Milliseconds from letting go of the keep-ratio slider to the new mask, in the studio itself: a new ratio each
 * time, so that nothing comes from the cache.
 */
export async function measureSlider(rounds: number): Promise<{ median: number; times: readonly number[] }> {
  await buildStudio((line) => console.error(line));
  const scratch = await mkdtemp(join(tmpdir(), 'dynaseg-bench-'));
  const studio = await launchStudio({ folder: inRepository('samples'), userData: join(scratch, 'user') });
  try {
    const { page } = studio;
    for (const slot of ['teacher', 'student']) {
      await page.locator(`[data-testid=footer-${slot}][data-status=done]`).waitFor({ timeout: 180_000 });
    }
    // What the studio does by itself for the images beside this one is done by then.
    await page.waitForTimeout(8000);
    const slider = page.getByTestId('keep-slider');
    await slider.focus();
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      times.push(
        await slider.evaluate(
          (element, value) =>
            new Promise<number>((resolve) => {
              const input = element as HTMLInputElement;
              const footer = document.querySelector('[data-testid=footer-student]')!;
              // React hears of a value that was set by the element's own setter.
              Reflect.set(HTMLInputElement.prototype, 'value', String(value), input);
              input.dispatchEvent(new Event('input', { bubbles: true }));
              let left = false;
              const observer = new MutationObserver(() => {
                const done = footer.getAttribute('data-status') === 'done';
                if (!done) left = true;
                if (!done || !left) return;
                observer.disconnect();
                requestAnimationFrame(() => resolve(performance.now() - start));
              });
              observer.observe(footer, { attributes: true });
              const start = performance.now();
              requestAnimationFrame(() =>
                input.dispatchEvent(new KeyboardEvent('keyup', { key: 'ArrowRight', bubbles: true })),
              );
            }),
          0.2 + round * 0.05,
        ),
      );
      await page.waitForTimeout(2500);
    }
    return { median: medianOf(times), times };
  } finally {
    await studio.close();
    await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}
