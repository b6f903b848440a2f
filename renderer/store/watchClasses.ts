import { classId, findClass } from '#core/labels/classTable.ts';
import { classesKey } from './classesKey.ts';
import { useMask } from './useMask.ts';
import { useProject } from './useProject.ts';
import { useView } from './useView.ts';

/** What names a class by its id lets go of classes that are gone, also when undo takes them away. */
export function watchClasses(): void {
  useProject.subscribe(({ project }, { project: before }) => {
    if (!project || project.id !== before?.id) return;
    const { classTable } = project;
    if (classesKey(classTable) === classesKey(before.classTable)) return;
    useView.getState().showAllClasses();
    const { activeClass, setActiveClass } = useMask.getState();
    if (!findClass(classTable, activeClass)) setActiveClass(classTable.classes[0]?.id ?? classId(0));
  });
}
