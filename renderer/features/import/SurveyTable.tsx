import type { ImportSurveyAnswer } from '#core/ipc/importCalls.ts';
import { useImport } from '../../store/useImport.ts';
import { useProject } from '../../store/useProject.ts';
import { ClassOptions } from '../../ui/ClassOptions.tsx';
import { ProblemNote } from '../../ui/ProblemNote.tsx';

const HOW: Readonly<Record<ImportSurveyAnswer['classes'][number]['how'], string>> = {
  name: 'same name',
  alias: 'known as',
  chosen: 'chosen',
  background: 'background',
  unknown: 'not in the project',
};

/** How many problems are listed; the count says how many there are. */
const LISTED = 6;

/** What an import would do: counts, a row per class with what it becomes, and what does not fit. */
export function SurveyTable({ survey }: { readonly survey: ImportSurveyAnswer }) {
  const { masksWithoutImage, imagesWithoutMask, unknownValues, problems } = survey;
  return (
    <>
      <dl className="import-counts">
        <Count name="fit an image" count={survey.usable} of={survey.masks} />
        <Count name="masks without image" count={masksWithoutImage.count} names={masksWithoutImage.names} />
        <Count name="images without mask" count={imagesWithoutMask.count} names={imagesWithoutMask.names} />
        <Count name="problems" count={problems.length} />
      </dl>
      <div className="import-classes" role="table" aria-label="Classes of the masks">
        <div className="import-head faint" role="row">
          <span>class</span>
          <span>pixels</span>
          <span>masks</span>
          <span>becomes</span>
          <span />
        </div>
        {survey.classes.map((entry) => (
          <ClassRow key={entry.name} entry={entry} />
        ))}
        {unknownValues.map(({ value, pixels, masks }) => (
          <div key={value} className="import-row" role="row">
            <span>{value}</span>
            <span>{pixels.toLocaleString('en')}</span>
            <span>{masks}</span>
            <span>ignore</span>
            <span className="faint">not declared</span>
          </div>
        ))}
      </div>
      {problems.slice(0, LISTED).map((problem) => (
        <ProblemNote key={`${problem.code} ${problem.subject ?? ''}`} problem={problem} />
      ))}
      {problems.length > LISTED && <p className="faint">and {problems.length - LISTED} more</p>}
    </>
  );
}

function ClassRow({ entry }: { readonly entry: ImportSurveyAnswer['classes'][number] }) {
  const classes = useProject((state) => state.project?.classTable.classes) ?? [];
  const assign = useImport((state) => state.assign);
  const { name, pixels, masks, becomes, how } = entry;
  return (
    <div className="import-row" role="row">
      <span className="ellipsis" title={name}>
        {name}
      </span>
      <span>{pixels.toLocaleString('en')}</span>
      <span>{masks}</span>
      <select
        className="field"
        aria-label={`What ${name} becomes`}
        data-testid={`import-class-${name}`}
        value={becomes ?? ''}
        onChange={(event) => assign(name, event.target.value)}
      >
        {becomes === null && <option value="">choose…</option>}
        <ClassOptions classes={classes} />
      </select>
      <span className={how === 'unknown' ? 'import-open' : 'faint'}>{HOW[how]}</span>
    </div>
  );
}

interface CountProps {
  readonly name: string;
  readonly count: number;
  readonly of?: number;
  readonly names?: readonly string[];
}

function Count({ name, count, of, names = [] }: CountProps) {
  return (
    <div title={names.length > 0 ? names.join('\n') : undefined}>
      <dt className="faint">{name}</dt>
      <dd>
        {count}
        {of !== undefined && <span className="faint"> of {of}</span>}
      </dd>
    </div>
  );
}
