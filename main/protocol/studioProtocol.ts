import { protocol } from 'electron';
import { answerRequest, type StudioFiles } from './answerRequest.ts';

/** Before the app is ready: studio:// is an origin of its own, with fetch and secure features. */
export function declareStudioScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'studio', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
}

/** Answers every studio:// request. */
export function serveStudio(files: StudioFiles): void {
  protocol.handle('studio', (request) => answerRequest(request.url, files));
}
