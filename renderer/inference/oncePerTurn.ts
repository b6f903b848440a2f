/** Many stores change at once when a project opens: one look at the end of it is enough. */
export function oncePerTurn(look: () => void): () => void {
  let isScheduled = false;
  return () => {
    if (isScheduled) return;
    isScheduled = true;
    queueMicrotask(() => {
      isScheduled = false;
      look();
    });
  };
}
