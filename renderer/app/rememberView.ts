import { useSettings } from '../store/useSettings.ts';
import { useView } from '../store/useView.ts';

/** Puts the view as it was left, and remembers every change of it. After the settings were loaded. */
export function rememberView(): void {
  const { compareLayout, layers, swipe } = useSettings.getState().settings;
  useView.setState({ layout: compareLayout, layers, swipe });
  useView.subscribe((view, before) => {
    if (view.layout === before.layout && view.layers === before.layers && view.swipe === before.swipe) return;
    const { change } = useSettings.getState();
    change({ compareLayout: view.layout, layers: view.layers, swipe: view.swipe });
  });
}
