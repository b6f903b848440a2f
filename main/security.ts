import { app, session } from 'electron';
import { isOwnPage, isOwnRequest } from './ownPage.ts';

/**
 * The page stays where it is and gets nothing from elsewhere: no navigation, no windows, frames or webviews, no
 * permissions, no devices, no downloads, no network. docs/security.md says which test holds which point.
 */
export function lockDown(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event, url) => {
      if (!isOwnPage(url)) event.preventDefault();
    });
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  defaultSession.setPermissionCheckHandler(() => false);
  defaultSession.setDevicePermissionHandler(() => false);
  defaultSession.on('will-download', (event) => event.preventDefault());
  // The policy of the page says the same; this holds where a page has none. Requests of the main process go on.
  defaultSession.webRequest.onBeforeRequest((details, answer) => {
    const ofPage = details.webContentsId !== undefined;
    answer({ cancel: ofPage && !isOwnRequest(details.url) });
  });
}
