import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { StudioApi } from '#core/ipc/api.ts';
import type { CALL_CHANNEL, COMMIT_CHANNEL, EVENT_CHANNEL } from '#core/ipc/contract.ts';

// Spelled out here and held to the contract by the types: importing the values would pull zod into a script
// that runs before every page.
const CALL: typeof CALL_CHANNEL = 'studio:call';
const COMMIT: typeof COMMIT_CHANNEL = 'studio:commit';
const EVENT: typeof EVENT_CHANNEL = 'studio:event';

type Listener = (payload: never) => void;

const studio: StudioApi = {
  call: (method, request) => ipcRenderer.invoke(CALL, method, request),
  commitNow: (request) => ipcRenderer.sendSync(COMMIT, request) as ReturnType<StudioApi['commitNow']>,
  on: (event, listener) => {
    const receive = (_: unknown, name: string, payload: unknown) => {
      if (name === event) (listener as Listener)(payload as never);
    };
    ipcRenderer.on(EVENT, receive);
    return () => {
      ipcRenderer.removeListener(EVENT, receive);
    };
  },
  pathForFile: (file) => {
    if (!(file instanceof File)) return '';
    // Before Electron 29 there is no webUtils, and the path is on the file itself.
    const utilities = webUtils as typeof webUtils | undefined;
    return utilities ? utilities.getPathForFile(file) : ((file as File & { path?: string }).path ?? '');
  },
};

contextBridge.exposeInMainWorld('studio', studio);
