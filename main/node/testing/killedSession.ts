import { writeSync } from 'node:fs';
import { ProjectStore } from '../projectStore.ts';
import { EditingSession, perform, sessionListing } from './editingSession.ts';

/*
 * The process that is killed: `node killedSession.mjs FILE SEED DONE` goes on with a session after its first DONE
 * actions, until somebody stops it, and says the number of each action when it is done.
 */

const [file = '', seed, done] = process.argv.slice(2);
const session = new EditingSession(Number(seed));
while (session.done < Number(done)) session.next();
const store = ProjectStore.open(file);
store.syncImages(sessionListing);
writeSync(1, 'open\n');
for (;;) {
  await perform(store, session.next());
  writeSync(1, `${session.done}\n`);
  if (session.done % 7 === 0) await store.flush();
  if (session.done % 40 === 0) store.tidy();
}
