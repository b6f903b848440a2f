import type { RunningStudio } from './studio.ts';

/** The next dialogs that ask for a folder or a file are answered with this path. */
export async function chooseInDialog({ app }: Pick<RunningStudio, 'app'>, path: string): Promise<void> {
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
  }, path);
}
