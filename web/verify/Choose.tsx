// Choose.tsx - what is checked: a zip or a folder. A file input is a button for whom uses the keyboard, too.
import { useId, useState, type DragEvent } from 'react';
import type { Chosen } from './check/verify.ts';
import { useWords } from './words.tsx';

export type Choice = { name: string; files: number; chosen: Chosen };

const ZIP: Choice['files'] = 1;

function zipChoice(file: File | undefined): Choice | null {
  return file ? { name: file.name, files: ZIP, chosen: { zip: file } } : null;
}

/** The folder's own name is the first part of each path. */
function folderChoice(list: FileList | null): Choice | null {
  const files = [...(list ?? [])].map((f) => [f.webkitRelativePath, f] as const);
  const name = files[0]?.[0].split('/')[0];
  return name ? { name, files: files.length, chosen: { files: files.map(([path, file]) => [path.slice(name.length + 1), file] as const) } } : null;
}

export function ChooseSection({ choice, choose, missing }: { choice: Choice | null; choose: (choice: Choice) => void; missing: boolean }) {
  const { t } = useWords();
  const [over, setOver] = useState(false);
  const [folderDropped, setFolderDropped] = useState(false);
  const hint = useId();
  const is = useId();
  const take = (next: Choice | null) => {
    setFolderDropped(false);
    if (next) choose(next);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const item = event.dataTransfer.items[0];
    if (item?.webkitGetAsEntry()?.isDirectory) setFolderDropped(true);
    else take(zipChoice(event.dataTransfer.files[0]));
  };
  const drag = (event: DragEvent) => {
    event.preventDefault();
    setOver(event.type === 'dragover');
  };
  return (
    <section aria-labelledby="choose">
      <h2 id="choose">{t('choose.title')}</h2>
      <p id={hint}>{t('choose.hint')}</p>
      <div className={over ? 'drop over' : 'drop'} onDragOver={drag} onDragLeave={drag} onDrop={drop}>
        <div className="acts">
          <label className="button pick">
            {t('choose.file')}
            <input type="file" id="zip" accept=".zip,application/zip" aria-describedby={`${hint} ${is}`} onChange={(e) => take(zipChoice(e.target.files?.[0]))} />
          </label>
          <label className="button pick">
            {t('choose.folder')}
            <input type="file" id="folder" ref={(input) => input?.setAttribute('webkitdirectory', '')} aria-describedby={`${hint} ${is}`} onChange={(e) => take(folderChoice(e.target.files))} />
          </label>
        </div>
        <p className="quiet">{t('choose.drop')}</p>
      </div>
      <p id={is} role="status" className={missing || folderDropped ? 'problem' : 'chosen'}>
        {folderDropped ? t('choose.folder-drop') : choice ? (choice.files === ZIP ? choice.name : t('choose.files', choice.name, choice.files)) : missing ? t('choose.required') : t('choose.none')}
      </p>
    </section>
  );
}
