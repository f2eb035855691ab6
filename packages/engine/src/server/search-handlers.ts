import {
  IndexControl,
  IndexExplain,
  type IndexExplainResult,
  type IndexSkippedResult,
  Method,
  SearchGrep,
  type SearchGrepResult,
  SearchQueryParams,
  type SearchQueryResult,
  SearchRelated,
  type SearchRelatedResult,
} from '@tabstop/protocol';
import { z } from 'zod';
import { withinRoots } from '../index/within-roots.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import type { Connection } from './connection.ts';
import { attentionOf, type IndexService } from './index-service.ts';

export interface SearchHandlersOptions {
  readonly connection: Pick<Connection, 'onRequest'>;
  readonly snapshot: () => Snapshot;
  /** @throws RequestError before `initialize`. */
  readonly service: () => IndexService;
}

/** `index/*` and `search/*` of the wire. What a request gives up is given up by the index as well: each hands its signal on. */
export function handleSearch({ connection, snapshot, service }: SearchHandlersOptions): void {
  connection.onRequest(Method.IndexControl, IndexControl, async ({ action }) => {
    // What the user does about a failure; searching as one types does not try each time.
    if (action === 'rebuild' || action === 'resume') service().retry();
    const index = await service().index();
    if (action === 'pause') index.pause();
    else if (action === 'resume') index.resume();
    else if (action === 'rebuild') await index.rebuild();
    else await index.clear();
    return null;
  });
  connection.onRequest(
    Method.IndexSkipped,
    z.object({}),
    async (): Promise<IndexSkippedResult> => ({ skipped: await (await service().index()).skipped() }),
  );
  connection.onRequest(Method.IndexExplain, IndexExplain, async ({ path }): Promise<IndexExplainResult> => {
    const index = await service().index();
    const place = withinRoots(snapshot().folders, path);
    if (place) return index.explain(place.path, place.root);
    return { path, indexed: false, reason: 'it lies outside of the open folders' };
  });
  connection.onRequest(Method.SearchQuery, SearchQueryParams, async (query, signal): Promise<SearchQueryResult> => {
    const index = await service().index();
    // Told with the query and not with each key: typing costs the index nothing.
    index.attend(attentionOf(snapshot()));
    return index.search(query, signal);
  });
  connection.onRequest(
    Method.SearchGrep,
    SearchGrep,
    async (query, signal): Promise<SearchGrepResult> => (await service().index()).grep(query, signal),
  );
  connection.onRequest(
    Method.SearchRelated,
    SearchRelated,
    async ({ paths, prompt, limit }, signal): Promise<SearchRelatedResult> => {
      const index = await service().index();
      const files = await index.related({ paths, limit, ...(prompt === undefined ? {} : { prompt }) }, signal);
      return { files };
    },
  );
}
