import { useMemo, useState } from 'react';
import type { ClassPair } from '#core/formats/classPairs.ts';
import { IGNORE_NAME } from '#core/formats/labelmap.ts';
import { nameKey, type ClassTable } from '#core/labels/classTable.ts';
import type { ClassChoices } from '#core/labels/translateIds.ts';
import type { ModelInfo } from '#core/models/modelInfo.ts';
import { changeChoices, choicesOf, classFit } from '../../store/classChoices.ts';
import { useDialog } from '../../store/useDialog.ts';
import { modelIn, useModels, type ModelSlot } from '../../store/useModels.ts';
import { useProject } from '../../store/useProject.ts';
import { ClassOptions } from '../../ui/ClassOptions.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import './mapClasses.css';

/** What the classes of a model are in the project: figures, disputes and legend are in those from then on. */
export function MapClassesDialog({ slot }: { readonly slot: ModelSlot }) {
  const model = useModels((state) => modelIn(slot, state));
  const table = useProject((state) => state.project?.classTable);
  const close = useDialog((state) => state.close);
  return (
    <Dialog title={`Classes of the ${slot}`} onClose={close} testId="map-classes-dialog">
      {model && table ? (
        <MapClasses model={model} table={table} close={close} />
      ) : (
        <p className="dialog-body">Choose a model in Compare first.</p>
      )}
    </Dialog>
  );
}

interface MapClassesProps {
  readonly model: ModelInfo;
  readonly table: ClassTable;
  readonly close: () => void;
}

function MapClasses({ model, table, close }: MapClassesProps) {
  const [choices, setChoices] = useState<ClassChoices>(() => choicesOf(model));
  const [filter, setFilter] = useState('');
  const { pairs, unknown, chosen } = classFit(model, table, choices);
  // In the order in which the dialog was opened: a row does not jump away from the hand that chose it.
  const order = useMemo(() => openFirst(classFit(model, table, choicesOf(model)).pairs), [model, table]);
  const byName = new Map(pairs.map((pair) => [pair.name, pair]));
  const wanted = nameKey(filter);
  const shown = order.filter((name) => nameKey(name).includes(wanted));
  const choose = (name: string, target: string): void => {
    const others = Object.entries(choices).filter(([from]) => nameKey(from) !== nameKey(name));
    setChoices(Object.fromEntries(target === '' ? others : [...others, [name, target]]));
  };
  const save = (): void => {
    changeChoices(model, choices);
    close();
  };
  return (
    <>
      <div className="dialog-body map-classes">
        <p>
          <b>{model.name}</b> has {pairs.length} classes, the project {table.classes.length}. Those of the
          same name are the same. Say what the others are: several may become one, whose probability is then
          their sum. What is left is ignored wherever models are compared.
        </p>
        <div className="map-bar">
          <input
            className="field"
            type="search"
            placeholder="Find a class"
            aria-label="Find a class"
            data-testid="map-filter"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
          <span className="faint" data-testid="map-left">
            {unknown.length === 0 ? 'all have a place' : `${unknown.length} left, ignored`}
          </span>
        </div>
        <div className="map-rows" role="table" aria-label={`Classes of ${model.name}`}>
          {shown.map((name) => (
            <MapRow key={name} pair={byName.get(name)!} table={table} onChoose={choose} />
          ))}
          {shown.length === 0 && <p className="faint">No class is called so.</p>}
        </div>
      </div>
      <div className="dialog-foot">
        <button
          type="button"
          className="button"
          disabled={!chosen}
          title="Back to the names alone"
          data-testid="map-clear"
          onClick={() => setChoices({})}
        >
          Clear
        </button>
        <button type="button" className="button" onClick={close}>
          Cancel
        </button>
        <button type="button" className="button primary" data-testid="map-save" onClick={save}>
          Use these classes
        </button>
      </div>
    </>
  );
}

interface MapRowProps {
  readonly pair: ClassPair;
  readonly table: ClassTable;
  /** '': by name alone. */
  readonly onChoose: (name: string, target: string) => void;
}

function MapRow({ pair: { name, targetId, how }, table, onChoose }: MapRowProps) {
  const target = table.classes.find(({ id }) => id === targetId);
  const value = target?.name ?? (how === 'chosen' ? IGNORE_NAME : '');
  return (
    <div className="map-row" role="row">
      <span className="ellipsis" role="cell" title={name}>
        {name}
      </span>
      <span className="swatch" style={{ background: target && `rgb(${target.colour.join(' ')})` }} />
      <select
        className="field"
        aria-label={`What ${name} is`}
        data-testid={`map-class-${name}`}
        value={value}
        onChange={(event) => onChoose(name, event.target.value)}
      >
        <option value="">{how === 'unknown' ? 'ignored' : 'by its name'}</option>
        <ClassOptions classes={table.classes} />
      </select>
      <span className={how === 'unknown' ? 'map-open' : 'faint'} role="cell">
        {HOW[how]}
      </span>
    </div>
  );
}

const HOW: Readonly<Record<ClassPair['how'], string>> = {
  name: 'same name',
  alias: 'known as',
  chosen: 'chosen',
  background: 'background',
  unknown: 'not in the project',
};

/** Names of classes without a place first, each in the order of the model. */
function openFirst(pairs: readonly ClassPair[]): readonly string[] {
  const open = pairs.filter(({ how }) => how === 'unknown' || how === 'chosen');
  return [...open, ...pairs.filter((pair) => !open.includes(pair))].map(({ name }) => name);
}
