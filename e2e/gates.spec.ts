import { expect, test } from '@playwright/test';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReport } from '#core/report/evaluationReport.ts';
import { readModelFolder } from '../main/node/modelFolder.ts';
import { chooseInDialog } from './chooseInDialog.ts';
import { writeBrokenStudent } from './planted/brokenStudent.ts';
import { copyScenes } from './sampleFiles.ts';
import { removeScratch } from './scratchFolder.ts';
import { launchStudio } from './studio.ts';

const BROKEN = 'gate.0.0.ffn';

test('the evaluation and the gates lead to the layer that was broken, forcing it mends the picture, and what is never kept is cut', async () => {
  test.setTimeout(400_000);
  const scratch = await mkdtemp(join(tmpdir(), 'dynaseg-gates-'));
  const folder = join(scratch, 'street');
  const userData = join(scratch, 'user');
  await mkdir(folder);
  await mkdir(userData);
  await copyScenes(folder, ['scene_00002', 'scene_00009']);
  const broken = await writeBrokenStudent(join(scratch, 'broken'), BROKEN);
  await writeFile(join(userData, 'models.json'), JSON.stringify({ version: 1, folders: [broken] }));
  const settings = { version: 1, studentId: 'broken', backend: 'wasm' };
  await writeFile(join(userData, 'settings.json'), JSON.stringify(settings));

  const studio = await launchStudio({ folder, userData });
  try {
    const { page } = studio;
    // Evaluate, and the report that is saved of it, name the image that lost most.
    await page.keyboard.press('Alt+3');
    await page.getByTestId('run-broken-0.5').press('Space');
    await page.getByTestId('run-start').click();
    await expect(page.getByTestId('run-progress')).toHaveAttribute('data-state', 'done', {
      timeout: 120_000,
    });
    const worst = page.getByTestId('result-0');
    await expect(worst).toContainText('pt');
    const name = (await worst.getAttribute('data-name'))!;
    await chooseInDialog(studio, join(scratch, 'report'));
    await page.getByTestId('evaluate.report').click();
    await expect(page.getByText('The report is written')).toBeVisible({ timeout: 60_000 });
    const report = parseReport(await readFile(join(scratch, 'report/report.json'), 'utf8'), 'report.json');
    const lost = report.galleries.find(({ title }) => title.startsWith('Worst drop'));
    expect(lost?.images[0]?.name).toBe(name);
    await worst.click();
    await expect(page.getByTestId('region-title')).toContainText('Drop in mean IoU');

    // One key over the picture ranks the layers: the broken one wins back most.
    await page.keyboard.press('r');
    await expect(page.locator(`[data-testid^="library-item-"][data-name="${name}"]`)).toHaveAttribute(
      'aria-selected',
      'true',
    );
    const strip = page.getByTestId(`strip-${BROKEN}`);
    await expect(page.getByTestId(`layer-${BROKEN}`)).toContainText('2 of 128 kept', { timeout: 120_000 });
    const before = Number((await page.getByTestId('force-miou').textContent())?.trim());

    const ranked = page.getByTestId('ranked-layers');
    await expect(ranked).toHaveAttribute('aria-busy', 'false', { timeout: 240_000 });
    const first = ranked.locator('li').first();
    await expect(first).toHaveAttribute('data-layer', BROKEN);
    const won = await ranked.locator('li').evaluateAll((rows) => rows.map((row) => Number(row.dataset.net)));
    expect(won).toEqual([...won].sort((a, b) => b - a));
    expect(won[0]).toBeGreaterThan(1000);

    // Another shows it: forced on, the picture is right again, and the cost is said.
    await first.getByRole('button').click();
    await expect(page.getByTestId('force-miou')).toContainText('→', { timeout: 60_000 });
    const after = Number((await page.getByTestId('force-miou').textContent())?.split('→')[1]);
    expect(after).toBeGreaterThan(before + 1);
    await expect(page.getByTestId('force-macs')).toContainText('→');
    await expect(page.getByTestId('flip-key')).toContainText('pixels flip');

    // By keyboard: a neuron is pointed at and let go of.
    await strip.focus();
    await page.keyboard.press('ArrowRight');
    await expect(page.getByTestId('neuron-readout')).toContainText('neuron 1');
    await page.keyboard.press('Space');
    await expect(page.getByTestId(`layer-${BROKEN}`)).toContainText('127 forced');
    await page.keyboard.press('Backspace');
    await expect(page.getByTestId('flip-key')).toContainText('force a neuron');

    // Over the folder: nearly all of that layer is never kept, and can be cut for good.
    await page.getByTestId('gates-tab-folder').click();
    // Gone already where the neighbouring image was run ahead.
    await page
      .getByTestId('gates-run-folder')
      .click({ timeout: 5000 })
      .catch(() => undefined);
    await expect(page.getByTestId('gates-folder')).toContainText('2 of 2 images', { timeout: 90_000 });
    const row = page.locator(`[data-testid="gate-types"] tr[data-layer="${BROKEN}"] td`).last();
    expect(Number(await row.textContent())).toBeGreaterThanOrEqual(124);
    await page.getByTestId('gates-cut').click();
    await expect(page.getByTestId('cut-equal')).toHaveText('2 of 2 images', { timeout: 120_000 });
    const small = join(scratch, 'small');
    await chooseInDialog(studio, small);
    await page.getByTestId('cut-write').click();
    await page.getByTestId('cut-use').click();
    await expect(page.getByTestId('model-select-student')).toHaveValue('small');
    const [whole, cut] = [await readModelFolder(broken), await readModelFolder(small)];
    expect(cut.problems).toEqual([]);
    expect(cut.bytes).toBeLessThan(whole.bytes);
    expect(cut.card?.gates.find(({ name }) => name === BROKEN)?.neurons).toBeLessThanOrEqual(4);
  } finally {
    await studio.close();
  }
  await removeScratch(scratch);
});
