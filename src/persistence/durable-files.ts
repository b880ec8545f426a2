/**
 * PGlite's files with an fsync. Its own have none and start PostgreSQL with -F, so a power cut could take a commit back
 * (seen with strace: no fsync at all; with this, one for each commit).
 */
import { closeSync, fdatasyncSync, fsyncSync, openSync } from 'node:fs';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/** The part of emscripten that is touched here; it has no types of its own. */
interface Emscripten {
  readonly FS: {
    readonly filesystems: {
      readonly NODEFS: { readonly stream_ops: { fsync?: (stream: OpenStream) => number }; realPath(node: unknown): string };
    };
  };
}
interface OpenStream {
  readonly nfd?: number;
  readonly node: unknown;
}

export class DurableFiles extends NodeFS {
  override async init(...parameters: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const result = await super.init(...parameters);
    result.emscriptenOpts.preRun?.push((module: unknown) => {
      const files = (module as Emscripten).FS.filesystems.NODEFS;
      files.stream_ops.fsync = (stream) => {
        if (stream.nfd === undefined) syncByPath(files.realPath(stream.node));
        else fdatasyncSync(stream.nfd);
        return 0;
      };
    });
    return result;
  }
}

function syncByPath(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** PGlite's own without -F; wal_sync_method=fsync because emscripten's fdatasync does nothing. */
export const durableStartParameters = [
  ...['--single', '-O', '-j'],
  ...[
    'search_path=public',
    'exit_on_error=false',
    'log_checkpoints=false',
    'max_worker_processes=0',
    'max_parallel_workers=0',
    'max_parallel_workers_per_gather=0',
    'max_parallel_maintenance_workers=0',
    'io_method=sync',
    'wal_sync_method=fsync',
  ].flatMap((setting) => ['-c', setting]),
];
