import { app, dialog, shell, type BrowserWindow } from 'electron';
import type { MenuAction } from '#core/hotkeys/menuAction.ts';
import { appPaths, inUserData, setUserData } from './appPaths.ts';
import { appHandlers } from './ipc/appHandlers.ts';
import { classHandlers } from './ipc/classHandlers.ts';
import { folderDialog } from './ipc/chooseFolder.ts';
import { evaluationHandlers } from './ipc/evaluationHandlers.ts';
import { exportHandlers } from './ipc/exportHandlers.ts';
import { gateHandlers } from './ipc/gateHandlers.ts';
import { hubHandlers } from './ipc/hubHandlers.ts';
import { importHandlers } from './ipc/importHandlers.ts';
import { maskHandlers } from './ipc/maskHandlers.ts';
import { menuHandlers } from './ipc/menuHandlers.ts';
import { modelHandlers } from './ipc/modelHandlers.ts';
import { projectHandlers } from './ipc/projectHandlers.ts';
import { pruneHandlers } from './ipc/pruneHandlers.ts';
import { registerCalls, registerCommit, sendEvent } from './ipc/registerCalls.ts';
import { retrainHandlers } from './ipc/retrainHandlers.ts';
import { reviewHandlers } from './ipc/reviewHandlers.ts';
import { settingsHandlers } from './ipc/settingsHandlers.ts';
import { shellHandlers } from './ipc/shellHandlers.ts';
import { truthHandlers } from './ipc/truthHandlers.ts';
import { verdictHandlers } from './ipc/verdictHandlers.ts';
import { logWarning, startLog } from './log.ts';
import { enableItems, showMenu } from './menu.ts';
import { OptimisedModels } from './node/optimisedModels.ts';
import { listBeside } from './node/listBeside.ts';
import { optimiseBeside } from './node/optimiseBeside.ts';
import { downloadedModelsFolder, optimisedModelsFolder, projectsFolder } from './node/userDataFolder.ts';
import { declareStudioScheme, serveStudio } from './protocol/studioProtocol.ts';
import { lockDown } from './security.ts';
import { folderArgument } from './startArguments.ts';
import { Studio } from './studio.ts';
import { openStudioWindow } from './window/studioWindow.ts';

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

let window: BrowserWindow | null = null;
const currentWindow = () => window;

function main(): void {
  setUserData();
  const folder = folderArgument(process.argv, process.defaultApp);
  if (!app.requestSingleInstanceLock({ folder })) {
    app.quit();
    return;
  }
  startLog();
  declareStudioScheme();

  const studio = new Studio(
    {
      catalog: appPaths.catalog,
      samples: appPaths.samples,
      settings: inUserData('settings.json'),
      recent: inUserData('recent.json'),
      addedModels: inUserData('models.json'),
      downloads: downloadedModelsFolder(),
      modelAnswers: inUserData('model-answers.json'),
      hashes: inUserData('hashes.json'),
      projects: projectsFolder(),
    },
    folder,
    new OptimisedModels(optimisedModelsFolder(), optimiseBeside(appPaths.optimiseWorker)),
    listBeside(appPaths.listWorker),
  );
  const choose = folderDialog(currentWindow);

  const options = { checkResponses: !app.isPackaged, log: logWarning };
  const { commitNow, ...masks } = maskHandlers(studio, (change) =>
    sendEvent(window, 'review.changed', change),
  );

  registerCommit(commitNow, currentWindow, options);
  registerCalls(
    {
      ...appHandlers(studio, app.getVersion()),
      ...projectHandlers(studio, choose),
      ...truthHandlers(studio, choose),
      ...masks,
      ...reviewHandlers(studio),
      ...verdictHandlers(studio),
      ...classHandlers(studio, (progress) => sendEvent(window, 'classes.progress', progress)),
      ...modelHandlers(studio, choose),
      ...hubHandlers(studio, downloadedModelsFolder(), (progress) =>
        sendEvent(window, 'hub.progress', progress),
      ),
      ...pruneHandlers(studio, choose),
      ...gateHandlers(studio, choose),
      ...importHandlers(studio, choose, (progress) => sendEvent(window, 'import.progress', progress)),
      ...retrainHandlers(studio),
      ...exportHandlers(studio, choose, (progress) => sendEvent(window, 'export.progress', progress)),
      ...evaluationHandlers(studio, choose, {
        progress: (progress) => sendEvent(window, 'evaluation.progress', progress),
        reopened: (change) => sendEvent(window, 'project.changed', change),
      }),
      ...settingsHandlers(studio),
      ...menuHandlers({
        build: (actions) => {
          menuActions = actions;
          return refreshMenu();
        },
        enable: (actions) => {
          menuActions = actions;
          enableItems(actions);
        },
      }),
      ...shellHandlers((path) => shell.showItemInFolder(path)),
    },
    currentWindow,
    options,
  );

  const openFromOutside = (path: string) => {
    studio.open(path).then(
      (project) => sendEvent(window, 'project.changed', { project }),
      (error: unknown) => dialog.showErrorBox('The folder could not be opened', messageOf(error)),
    );
  };
  let menuActions: readonly MenuAction[] = [];
  const refreshMenu = async () => {
    const recent = await studio.recent();
    showMenu(
      { actions: menuActions, recent },
      {
        command: (action) => sendEvent(window, 'menu.command', { action }),
        openRecent: openFromOutside,
        logFolder: () => inUserData('logs'),
      },
    );
  };
  const openWindow = () => {
    window = openStudioWindow(logWarning);
    window.on('closed', () => (window = null));
  };

  app.on('second-instance', (_event, _argv, _directory, data) => {
    if (window?.isMinimized()) window.restore();
    window?.focus();
    const { folder: asked } = data as { folder?: string | null };
    if (asked) openFromOutside(asked);
  });
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', () => studio.close());
  studio.onRepaired(() => sendEvent(window, 'project.changed', { project: studio.summary() }));
  studio.onRecentChanged(() => void refreshMenu());

  void app.whenReady().then(async () => {
    lockDown();
    serveStudio({
      page: appPaths.renderer,
      image: (projectId, imageId) => studio.imageFile(projectId, imageId),
      model: (modelId, form) => studio.modelFile(modelId, form),
    });
    await refreshMenu();
    openWindow();
  });
}

main();
