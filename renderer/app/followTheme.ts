import { useSettings } from '../store/useSettings.ts';

/** Keeps `data-theme` of the page in step with the setting and with the system. */
export function followTheme(page: HTMLElement): void {
  const system = window.matchMedia('(prefers-color-scheme: light)');
  const apply = (): void => {
    const { theme } = useSettings.getState().settings;
    const light = theme === 'light' || (theme === 'system' && system.matches);
    page.dataset.theme = light ? 'light' : 'dark';
  };
  useSettings.subscribe(apply);
  system.addEventListener('change', apply);
  apply();
}
