export type Ecosystem = 'npm' | 'pypi' | 'go' | 'cargo';
export type Split = 'train' | 'dev' | 'test';
export const SPLITS: readonly Split[] = ['train', 'dev', 'test'];

export interface Package {
  readonly split: Split;
  readonly ecosystem: Ecosystem;
  readonly name: string;
  /** Where in the package its sources are; '' for all of it. */
  readonly folder: string;
  /** Consecutive published versions: each with the next is one history. */
  readonly versions: readonly string[];
}

/**
 * The packages the case sets come from: those that publish the sources they are written in. The split is by package, so that nothing of a
 * package that was tuned on is measured on; every split has all five languages. Versions are pinned: the same cases on every day.
 */
export const PACKAGES: readonly Package[] = `
train npm   @tanstack/query-core             src   5.105.1 5.105.2 5.105.3 5.106.0 5.106.1 5.107.1 5.108.0
train npm   @reduxjs/toolkit                 src   2.10.1 2.11.0 2.11.1 2.11.2 2.12.0
train npm   effect                           src   4.0.2 4.0.3 4.0.4 4.0.5 4.0.6
train npm   openai                           src   7.48.0 7.51.0 7.52.0 7.53.0
train npm   @trpc/server                     src   11.16.0 11.17.0 11.18.0 11.19.0
train npm   immer                            src   11.1.20 11.1.21 11.2.3 11.2.7
train npm   fastify                          lib   5.12.4 5.12.5 5.12.6 5.12.7 5.12.8
train npm   undici                           lib   8.11.2 8.12.0 8.12.1 8.12.2 8.12.3
train npm   svelte                           src   5.56.10 5.57.0 5.57.1 5.57.2
train npm   express                          lib   5.0.1 5.1.0 5.2.0 5.2.1 5.3.0
train pypi  rich                             -     13.9.3 13.9.4 14.0.0 14.1.0 14.2.0
train pypi  fastapi                          -     0.162.6 0.162.7 0.163.0 0.163.1 0.164.0
train pypi  flask                            -     3.0.3 3.1.0 3.1.1 3.1.2
train go    github.com/gin-gonic/gin         -     v1.9.0 v1.9.1 v1.10.0 v1.10.1 v1.11.0
train go    github.com/samber/lo             -     v1.49.1 v1.50.0 v1.51.0 v1.52.0
train cargo indexmap                         src   2.7.0 2.7.1 2.8.0 2.9.0 2.10.0
train cargo bytes                            src   1.7.1 1.7.2 1.8.0 1.9.0 1.10.0
train npm   ai                               src   7.0.160 7.0.163 7.0.166 7.0.170
train npm   webpack                          lib   5.108.0 5.109.0 5.110.0 5.111.0 5.112.0
train npm   axios                            lib   1.15.0 1.16.0 1.17.0 1.18.0 1.19.0
train npm   koa                              lib   3.0.0 3.1.0 3.2.0 3.3.0
train npm   @tanstack/form-core              src   1.30.0 1.31.0 1.32.0 1.33.0
train pypi  httpx                            -     0.24.1 0.25.2 0.26.0 0.27.2 0.28.1
train pypi  requests                         -     2.30.0 2.31.0 2.32.3 2.33.0 2.34.0
train go    github.com/go-chi/chi/v5         -     v5.0.12 v5.1.0 v5.2.0 v5.2.1
dev   npm   @tanstack/router-core            src   1.171.34 1.171.35 1.171.36 1.171.37 1.171.38
dev   npm   msw                              src   3.0.1 3.0.2 3.0.3 3.0.4
dev   npm   langium                          src   4.2.2 4.2.3 4.2.4 4.3.0
dev   npm   eslint                           lib   10.10.0 10.11.0 10.12.0 10.13.0
dev   npm   semver                           -     7.8.2 7.8.3 7.8.4 7.8.5 7.8.6
dev   pypi  click                            -     8.3.1 8.3.2 8.3.3 8.4.0
dev   pypi  typer                            -     0.27.2 0.27.3 0.28.0 0.29.0
dev   go    github.com/spf13/cobra           -     v1.8.0 v1.8.1 v1.9.1 v1.10.0
dev   cargo hashbrown                        src   0.15.0 0.15.1 0.15.2 0.15.3
test  npm   zod                              src   4.6.2 4.6.3 4.6.4 4.6.5 4.6.6 4.6.7
test  npm   mobx                             src   7.0.2 7.0.3 7.0.4 7.0.5 7.0.6
test  npm   rxjs                             src   7.5.6 7.5.7 7.6.0 7.7.0 7.8.0
test  npm   convex                           src   1.43.0 1.44.0 1.45.0 1.46.0
test  npm   @noble/curves                    src   1.9.7 2.0.0 2.0.1 2.2.0
test  npm   commander                        lib   13.1.0 14.0.0 14.0.1 14.0.2 14.0.3
test  npm   mongoose                         lib   9.11.1 9.11.2 9.11.3 9.11.4
test  npm   postcss                          lib   8.5.29 8.5.30 8.5.31 8.5.32 8.5.33
test  pypi  starlette                        -     1.5.0 1.5.1 1.6.0 1.7.0 1.8.0
test  pypi  werkzeug                         -     3.1.3 3.1.4 3.1.5 3.1.6
test  go    github.com/labstack/echo/v4      -     v4.13.3 v4.13.4 v4.14.0 v4.15.0
test  go    github.com/urfave/cli/v3         -     v3.10.1 v3.11.0 v3.12.0 v3.13.0
test  cargo serde_json                       src   1.0.137 1.0.138 1.0.139 1.0.140
test  cargo http                             src   1.0.0 1.1.0 1.2.0 1.3.1
`
  .trim()
  .split('\n')
  .map((line): Package => {
    const [split, ecosystem, name, folder, ...versions] = line.split(/\s+/);
    return {
      split: split as Split,
      ecosystem: ecosystem as Ecosystem,
      name: name!,
      folder: folder === '-' ? '' : folder!,
      versions,
    };
  });
