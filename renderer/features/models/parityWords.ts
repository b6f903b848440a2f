import type { ModelParity } from '#core/ipc/schemas.ts';
import { percent } from '../../ui/format.ts';

type Parity = ModelParity['optimised'];

/** Below, a form is named as different from its model: a rounding at a border moves fewer pixels. */
const EQUAL_ENOUGH = 0.999;

interface Badge {
  readonly tone: 'good' | 'note' | 'none';
  readonly text: string;
}

/** In a few words, how far the forms that run say what the model itself says. */
export function parityBadge({ optimised, webgpu }: ModelParity): Badge {
  const shares = [optimised.equal, webgpu.equal].filter((share) => share !== null);
  if (shares.length === 0) return { tone: 'none', text: 'runs as exported' };
  const least = Math.min(...shares);
  return { tone: least >= EQUAL_ENOUGH ? 'good' : 'note', text: `${percent(least, 2)} equal pixels` };
}

/** One comparison in a sentence. `against`: what it was compared with. */
export function parityLine({ equal, why }: Parity, against: string): string {
  if (equal === null) return why;
  const on = why === '' ? '' : `, ${why}`;
  return `${percent(equal, 2)} of the probe picture's pixels equal to ${against}${on}`;
}
