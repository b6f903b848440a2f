import { useKeyOf } from './useKeyOf.ts';

/** The key of an action on its button, as it is set now; nothing where it has none. */
export function ActionKey({ id }: { readonly id: string }) {
  const { key } = useKeyOf(id);
  return key === '' ? null : <span className="kbd">{key}</span>;
}
