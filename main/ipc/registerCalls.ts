import { ipcMain, type BrowserWindow, type IpcMainEvent, type IpcMainInvokeEvent } from 'electron';
import {
  CALL_CHANNEL,
  COMMIT_CHANNEL,
  EVENT_CHANNEL,
  type EventName,
  type EventOf,
} from '#core/ipc/contract.ts';
import type { Outcome } from '#core/ipc/outcome.ts';
import { ProblemError } from '#core/problem.ts';
import { isOwnPage } from '../ownPage.ts';
import { answerCall, answerCommit, type AnswerOptions } from './answerCall.ts';
import type { Handlers } from './calls.ts';

/** Only the main frame of the studio's window, and only while it shows the studio's own page. */
function isOurPage(event: IpcMainEvent | IpcMainInvokeEvent, window: BrowserWindow | null): boolean {
  const frame = event.senderFrame;
  if (!frame || !window || window.isDestroyed()) return false;
  return frame === window.webContents.mainFrame && isOwnPage(frame.url);
}

/** Answers the window's calls. */
export function registerCalls(
  handlers: Handlers,
  window: () => BrowserWindow | null,
  options: AnswerOptions,
): void {
  ipcMain.handle(
    CALL_CHANNEL,
    async (event, method: unknown, request: unknown): Promise<Outcome<unknown>> => {
      if (!isOurPage(event, window())) {
        const { problem } = new ProblemError({
          code: 'ipc.foreignSender',
          title: 'this page may not call the studio',
        });
        return { ok: false, problem };
      }
      return answerCall(handlers, method, request, options);
    },
  );
}

/** Answers the call that the window waits for: COMMIT_CHANNEL. It must be answered whatever happens. */
export function registerCommit(
  commitNow: Parameters<typeof answerCommit>[0],
  window: () => BrowserWindow | null,
  options: AnswerOptions,
): void {
  ipcMain.on(COMMIT_CHANNEL, (event, request: unknown) => {
    event.returnValue = isOurPage(event, window()) ? answerCommit(commitNow, request, options) : null;
  });
}

/** Tells the window something it did not ask for. Nothing where it is closed. */
export function sendEvent<E extends EventName>(
  window: BrowserWindow | null,
  event: E,
  payload: EventOf<E>,
): void {
  if (window && !window.isDestroyed()) window.webContents.send(EVENT_CHANNEL, event, payload);
}
