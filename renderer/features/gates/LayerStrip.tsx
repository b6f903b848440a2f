import { useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { isKept, keptNeurons } from '#core/gates/gateBits.ts';
import { layerTitle, type GatedLayer } from '#core/gates/gateLayout.ts';
import { useGateLab, type NaturalRun } from '../../store/useGateLab.ts';
import { useGates } from '../../store/useGates.ts';
import { useSettings } from '../../store/useSettings.ts';
import { drawStrip, type StripColours } from './drawStrip.ts';
import { neuronAt, neuronBeside, stripLayout } from './stripLayout.ts';
import { useGateHover } from './useGateHover.ts';

interface LayerStripProps {
  readonly natural: NaturalRun;
  /** Its place in the layout. */
  readonly layer: number;
  /** CSS pixels that it may take. */
  readonly width: number;
}

const ARROWS = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'] as const;
type Arrow = (typeof ARROWS)[number];
const isArrow = (key: string): key is Arrow => (ARROWS as readonly string[]).includes(key);

/** A gated layer: what this image kept of it, against the folder; a click or Space forces a neuron. */
export function LayerStrip({ natural, layer, width }: LayerStripProps) {
  const description = natural.layout.layers[layer]!;
  const { name, neurons } = description;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const force = useGateLab((state) => state.forces.get(name));
  const forced = useGateLab((state) => state.forced);
  const statistics = useGates((state) => state.folder?.statistics ?? null);
  const theme = useSettings((state) => state.settings.theme);
  const setHover = useGateHover((state) => state.set);
  const strip = useMemo(() => stripLayout(neurons, width), [neurons, width]);
  const start = natural.layout.starts[layer]!;
  const shown = forced?.key === natural.key ? forced.answer : natural.answer;

  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    const ratio = window.devicePixelRatio;
    element.width = Math.ceil(strip.width * ratio);
    element.height = Math.ceil(strip.height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const { bits } = shown.gates;
    const known = statistics && statistics.images > 0 ? statistics : null;
    drawStrip(
      context,
      strip,
      {
        kept: (neuron) => isKept(bits, start + neuron),
        frequency: known && ((neuron) => known.frequency(start + neuron)),
        forced: (neuron) => (force?.on.has(neuron) ? 'on' : force?.off.has(neuron) ? 'off' : null),
        cursor,
      },
      readColours(element),
    );
  }, [strip, shown, statistics, force, cursor, start, theme]);

  useEffect(() => {
    if (cursor !== null) setHover({ layer, neuron: cursor });
  }, [cursor, layer, setHover]);

  const toggle = (neuron: number): void => {
    const { force: forceNeurons } = useGateLab.getState();
    const isForced = force?.on.has(neuron) === true || force?.off.has(neuron) === true;
    const kept = isKept(natural.answer.gates.bits, start + neuron);
    forceNeurons(name, [neuron], isForced ? 'free' : kept ? 'off' : 'on');
  };

  const onKeyDown = (event: KeyboardEvent<HTMLCanvasElement>): void => {
    const at = cursor ?? 0;
    if (event.key === ' ' || event.key === 'Enter') toggle(at);
    else if (isArrow(event.key) && !event.altKey && !event.ctrlKey) {
      const next = neuronBeside(strip, at, event.key);
      if (typeof next === 'number') setCursor(next);
      else focusNeighbour(event.currentTarget, next);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const neuronOf = (event: { clientX: number; clientY: number; currentTarget: Element }): number | null => {
    const box = event.currentTarget.getBoundingClientRect();
    return neuronAt(strip, event.clientX - box.left, event.clientY - box.top);
  };

  return (
    <section className="gate-layer" aria-label={layerTitle(description)} data-testid={`layer-${name}`}>
      <LayerHead description={description} natural={natural} layer={layer} />
      <canvas
        ref={canvas}
        className="gate-strip"
        style={{ width: strip.width, height: strip.height }}
        tabIndex={0}
        role="application"
        aria-label={`Neurons of ${layerTitle(description)}: arrow keys move, Space forces`}
        data-testid={`strip-${name}`}
        onFocus={() => setCursor(cursor ?? 0)}
        onBlur={() => setCursor(null)}
        onKeyDown={onKeyDown}
        onPointerMove={(event) => {
          const neuron = neuronOf(event);
          setHover(neuron === null ? null : { layer, neuron });
        }}
        onPointerLeave={() => setHover(null)}
        onClick={(event) => {
          const neuron = neuronOf(event);
          if (neuron === null) return;
          setCursor(neuron);
          toggle(neuron);
        }}
      />
    </section>
  );
}

interface LayerHeadProps {
  readonly description: GatedLayer;
  readonly natural: NaturalRun;
  readonly layer: number;
}

function LayerHead({ description, natural, layer }: LayerHeadProps) {
  const { name, neurons, groups } = description;
  const force = useGateLab((state) => state.forces.get(name));
  const forceNeurons = useGateLab((state) => state.force);
  const { layout, answer } = natural;
  const { bits } = answer.gates;
  const kept = useMemo(() => keptNeurons(layout, bits, layer).length, [layout, bits, layer]);
  const all = [...Array(neurons).keys()];
  const allOn = force?.on.size === neurons;
  const allOff = force?.off.size === neurons;
  const button = (label: string, to: 'on' | 'off', pressed: boolean) => (
    <button
      type="button"
      className="gate-force"
      aria-pressed={pressed}
      title={`Force all ${neurons} neurons of this layer ${to}`}
      data-testid={`force-${to}-${name}`}
      onClick={() => forceNeurons(name, all, pressed ? 'free' : to)}
    >
      {label}
    </button>
  );
  return (
    <header className="gate-layer-head">
      <h3>{layerTitle(description)}</h3>
      <span className="faint">
        {kept} of {neurons} kept{groups > 1 ? `, ${groups} heads` : ''}
      </span>
      {force && (
        <button
          type="button"
          className="link"
          onClick={() => forceNeurons(name, all, 'free')}
          aria-label={`Let go of ${layerTitle(description)}`}
        >
          {force.on.size + force.off.size} forced ×
        </button>
      )}
      <span className="gate-layer-buttons">
        {button('all on', 'on', allOn)}
        {button('all off', 'off', allOff)}
      </span>
    </header>
  );
}

function focusNeighbour(from: Element, direction: 'above' | 'below'): void {
  const strips = [...document.querySelectorAll<HTMLElement>('.gate-strip')];
  strips[strips.findIndex((strip) => strip === from) + (direction === 'above' ? -1 : 1)]?.focus();
}

function readColours(element: Element): StripColours {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  return {
    kept: colour('--text-2'),
    pruned: colour('--bg-3'),
    unusual: colour('--note'),
    frequency: colour('--text-3'),
    on: colour('--accent'),
    off: colour('--danger'),
    cursor: colour('--text-1'),
  };
}
