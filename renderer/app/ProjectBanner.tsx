import { useState } from 'react';
import type { Problem } from '#core/problem.ts';
import { isStated, openFolder } from '../store/openProject.ts';
import { useProject } from '../store/useProject.ts';

/** What is to be known of the project file for as long as it is open, above everything else. */
export function ProjectBanner() {
  const project = useProject((state) => state.project);
  const opening = useProject((state) => state.opening);
  const [dismissed, setDismissed] = useState<readonly Problem[]>([]);
  if (!project) return null;
  const { folder } = project;
  const stated = project.problems.filter((problem) => isStated(problem) && !dismissed.includes(problem));
  return stated.map((problem) => {
    const isReadOnly = problem.code !== 'project.recovered';
    const more = isReadOnly
      ? 'You can look at everything and export; what you paint would not be stored, so no tool paints.'
      : [problem.detail, problem.hint].filter(Boolean).join('. ');
    return (
      <div key={problem.code} className="project-banner" role="status" data-testid={`banner-${problem.code}`}>
        <p>
          <strong>
            {isReadOnly ? `Read-only: ${problem.title.replace(/^opened read-only: /, '')}` : problem.title}
          </strong>
          {/* A long story of what was recovered keeps its lines. */}
          <span className="project-banner-more">{more}</span>
        </p>
        {isReadOnly ? (
          <button type="button" className="button" disabled={opening} onClick={() => void openFolder(folder)}>
            Open for editing
          </button>
        ) : (
          <button type="button" className="button" onClick={() => setDismissed([...dismissed, problem])}>
            Understood
          </button>
        )}
      </div>
    );
  });
}
