import { createRoot } from 'react-dom/client';
import { actions } from '../actions/registry.ts';
import { bindHotkeys } from '../actions/bindHotkeys.ts';
import { watchSpaceKey } from '../canvas/spaceKey.ts';
import { DisputeFinder } from '../inference/disputeFinder.ts';
import { EvaluationRunner } from '../inference/evaluationRunner.ts';
import { HeatMaker } from '../inference/heatMaker.ts';
import { InferenceEngine } from '../inference/inferenceEngine.ts';
import { MapsRunner } from '../inference/mapsRunner.ts';
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/controls.css';
import { App } from './App.tsx';
import { followTheme } from './followTheme.ts';
import { guardUnsaved } from './guardUnsaved.ts';
import { startStudio } from './startStudio.ts';

followTheme(document.documentElement);
watchSpaceKey(window);
guardUnsaved(window);
bindHotkeys(window, actions);
createRoot(document.getElementById('root')!).render(<App />);
void startStudio().then(() => [
  new InferenceEngine(),
  new DisputeFinder(),
  new EvaluationRunner(),
  new HeatMaker(),
  new MapsRunner(),
]);
