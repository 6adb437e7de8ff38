import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { randomBytes } from 'node:crypto';

/** One row family of the table: a context, and the states in which it is built, in this order. */
export interface Work {
  readonly name: string;
  /** Fills an empty folder. */
  prepare(folder: string): void;
  readonly states: readonly State[];
}

/** `cold` builds without the cache; `cached` again with nothing changed; `changed` after `change`. */
export interface State {
  readonly name: 'cold' | 'cached' | 'changed';
  /** `run` tells one repetition from another, so that each change is new. */
  readonly change?: (folder: string, run: number) => void;
}

const base = 'FROM example.test/base:1\n';
const cold: State = { name: 'cold' };
const cached: State = { name: 'cached' };

/** The rows, small ones first. */
export const works: readonly Work[] = [
  { name: '12 instructions, tiny context', states: [cached], prepare: (folder) => write(folder, { Dockerfile: twelve, 'app/main': 'main\n', 'app/conf': 'conf\n' }) },
  { name: '20 RUN steps', states: [cold], prepare: (folder) => write(folder, { Dockerfile: base + Array.from({ length: 20 }, (_, index) => `RUN echo ${index} > /f${index}\n`).join('') }) },
  { name: 'COPY of 20,000 files (100 MB)', states: [cold, cached, { name: 'changed', change: (folder, run) => write(folder, { 'files/d50/f50': `changed ${run}\n` }) }], prepare: manyFiles },
  { name: 'COPY of one 1 GiB file', states: [cold, cached], prepare: oneFile },
];

/** For builders in an engine, beside each other. */
export const engineWorks: readonly Work[] = [
  { name: '20 RUN steps', states: [cold, cached], prepare: (folder) => write(folder, { Dockerfile: base + Array.from({ length: 20 }, (_, index) => `RUN echo ${index} > /f${index}\n`).join('') }) },
  { name: '100 ENV and LABEL lines', states: [cold, cached], prepare: (folder) => write(folder, { Dockerfile: base + Array.from({ length: 100 }, (_, index) => `${index % 2 === 0 ? 'ENV' : 'LABEL'} k${index}=${index}\n`).join('') }) },
  ...works.filter(({ name }) => name.includes('20,000')),
];

const twelve = `${base}LABEL org.example.name=app
ENV APP=/app MODE=production
ARG VERSION=1
WORKDIR /app
RUN mkdir -p /app/data && echo $VERSION > /app/version
COPY app/conf /etc/app.conf
COPY app /app
EXPOSE 8080
USER app
ENTRYPOINT ["/app/main"]
CMD ["--serve"]
`;

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** 200 folders of 100 files of 5 kB that no compression and no deduplication shortens. */
function manyFiles(folder: string): void {
  write(folder, { Dockerfile: `${base}COPY files /files\n` });
  for (let directory = 0; directory < 200; directory++) {
    mkdirSync(join(folder, `files/d${directory}`), { recursive: true });
    const content = randomBytes(5000 + 100);
    for (let file = 0; file < 100; file++) writeFileSync(join(folder, `files/d${directory}/f${file}`), content.subarray(file, file + 5000));
  }
}

function oneFile(folder: string): void {
  write(folder, { Dockerfile: `${base}COPY big /big\n` });
  const fd = openSync(join(folder, 'big'), 'w');
  for (let megabyte = 0; megabyte < 1024; megabyte++) writeSync(fd, randomBytes(1024 * 1024));
  closeSync(fd);
}
