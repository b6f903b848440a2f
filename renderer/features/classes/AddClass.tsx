import { useState } from 'react';
import { useClassEditor } from '../../store/useClassEditor.ts';
import { Icon } from '../../ui/icons/Icon.tsx';

/** One more class, with the smallest free id and a colour of its own. */
export function AddClass() {
  const edit = useClassEditor((state) => state.edit);
  const [name, setName] = useState('');
  return (
    <form
      className="classes-add"
      onSubmit={(event) => {
        event.preventDefault();
        void edit({ kind: 'add', name }).then((added) => {
          if (added) setName('');
        });
      }}
    >
      <input
        className="field"
        placeholder="Name of a new class"
        aria-label="Name of a new class"
        value={name}
        data-testid="class-add-name"
        onChange={(event) => setName(event.target.value)}
      />
      <button type="submit" className="button" disabled={name.trim() === ''} data-testid="class-add">
        <Icon name="plus" size={13} /> Add class
      </button>
    </form>
  );
}
