import type { Page } from '@playwright/test';

/** A JPEG like a photograph (gradients, shapes, grain), drawn and encoded in the window. */
export async function photograph(page: Page, width: number, height: number): Promise<Buffer> {
  const base64 = await page.evaluate(
    async ([columns, rows]) => {
      const canvas = new OffscreenCanvas(columns, rows);
      const context = canvas.getContext('2d')!;
      const sky = context.createLinearGradient(0, 0, columns, rows);
      sky.addColorStop(0, '#6a8fb8');
      sky.addColorStop(0.5, '#b9a98c');
      sky.addColorStop(1, '#3c4038');
      context.fillStyle = sky;
      context.fillRect(0, 0, columns, rows);
      let seed = 7;
      const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
      for (let shape = 0; shape < 400; shape++) {
        context.fillStyle = `hsl(${random() * 360} 30% ${20 + random() * 60}% / 0.6)`;
        context.fillRect(
          random() * columns,
          random() * rows,
          (random() * columns) / 8,
          (random() * rows) / 8,
        );
      }
      const grain = new ImageData(256, 256);
      for (let n = 0; n < grain.data.length; n++) grain.data[n] = n % 4 === 3 ? 24 : random() * 255;
      const tile = new OffscreenCanvas(256, 256);
      tile.getContext('2d')!.putImageData(grain, 0, 0);
      context.fillStyle = context.createPattern(tile, 'repeat')!;
      context.fillRect(0, 0, columns, rows);
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
      return new Promise<string>((resolve) => {
        const reader = new FileReader();
        reader.onload = () => resolve((reader.result as string).split(',')[1]!);
        reader.readAsDataURL(blob);
      });
    },
    [width, height] as const,
  );
  return Buffer.from(base64, 'base64');
}
