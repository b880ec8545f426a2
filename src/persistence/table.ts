/** What statements know of a table. */
export interface Table {
  readonly name: string;
  /** Name of the key's column. */
  readonly key: string;
  readonly columns: readonly Column[];
}
export interface Column {
  readonly property: string;
  readonly column: string;
  readonly type: 'uuid' | 'text' | 'jsonb' | 'timestamptz' | 'int' | 'bool';
  /** What the entity says a new record has where nothing is said; absent: nothing. */
  readonly usual?: unknown;
}
