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
train npm   @tanstack/virtual-core           src   3.19.7 3.19.8 3.19.9 3.19.10 3.19.11
train npm   @tanstack/db                     src   0.13.0 0.14.0 0.15.0 0.15.1 0.15.2
train npm   preact                           src   11.0.1 11.0.2 11.1.0 11.1.1 11.2.0
train npm   redux                            src   4.1.2 4.2.0 4.2.1 5.0.0 5.0.1
train npm   viem                             -     2.57.1 2.57.4 2.57.12 2.57.13 2.57.20
train npm   ox                               -     1.7.1 1.7.4 1.7.5 1.8.1 1.8.3
train npm   @wagmi/core                      src   3.6.1 3.6.2 3.6.3 3.6.4 3.6.5
train npm   ethers                           src.ts 6.14.3 6.14.4 6.15.0 6.16.0 6.17.0
train npm   ol                               -     10.7.2 10.8.0 10.9.0 10.10.0 10.11.0
train npm   maplibre-gl                      src   6.13.0 6.14.0 6.15.0 6.16.0 6.17.0
train npm   prosemirror-view                 src   1.42.5 1.42.6 1.42.7 1.42.8 1.42.9
train npm   hls.js                           src   1.7.0 1.7.1 1.7.2 1.7.3 1.7.4
train npm   @sveltejs/kit                    src   3.0.0 3.0.1 3.1.0 3.1.1 3.2.0
train npm   mongodb                          src   7.5.0 7.6.0 7.7.0 7.8.0 7.9.0
train npm   puppeteer-core                   src   25.12.0 25.13.0 25.14.0 25.15.0 25.16.0
train npm   discord.js                       src   14.26.4 14.26.5 14.27.0 14.28.0 14.28.1
train npm   @supabase/auth-js                src   2.117.2 2.117.3 2.118.0 2.119.0 2.119.1
train npm   @supabase/storage-js             src   2.117.2 2.117.3 2.118.0 2.119.0 2.119.1
train npm   @preact/signals-core             src   1.14.1 1.14.2 1.14.3 1.14.4 1.14.5
train npm   three                            src   0.185.0 0.185.1 0.186.0 0.186.1 0.187.0
train npm   @anthropic-ai/sdk                src   1.8.0 1.9.0 1.10.0 1.11.0 1.12.0
train npm   luxon                            src   3.6.0 3.6.1 3.7.0 3.7.1 3.7.2
train npm   fabric                           src   7.0.0 7.1.0 7.2.0 7.3.1 7.4.0
train npm   cheerio                          src   1.0.0 1.1.0 1.1.1 1.1.2 1.2.0
train npm   ws                               lib   8.21.3 8.22.0 8.22.1 8.22.2 8.23.0
train npm   pino                             lib   10.2.0 10.2.1 10.3.0 10.3.1 10.4.0
train npm   mocha                            lib   11.8.0 12.0.0 12.0.1 12.0.2 12.0.3
train npm   sequelize                        lib   6.37.4 6.37.5 6.37.6 6.37.7 6.37.8
train npm   knex                             lib   3.2.7 3.2.8 3.2.9 3.2.10 3.3.0
train npm   winston                          lib   3.18.0 3.18.1 3.18.2 3.18.3 3.19.0
train npm   nodemailer                       lib   10.3.0 10.3.1 10.4.0 10.5.0 10.6.0
train npm   @hapi/hapi                       lib   21.4.6 21.4.7 21.4.8 21.4.9 21.4.10
train npm   sinon                            lib   21.1.0 21.1.1 21.1.2 22.0.0 22.1.0
train npm   stylelint                        -     17.14.0 17.14.1 17.15.0 17.16.0 18.0.0
train npm   terser                           lib   5.49.2 5.50.0 5.51.0 5.51.1 5.51.2
train npm   markdown-it                      lib   14.3.3 15.0.0 15.0.1 15.0.2 15.0.3
train npm   mysql2                           lib   3.24.2 3.24.3 3.24.4 3.24.5 3.24.6
train npm   pg                               lib   8.20.0 8.21.0 8.22.0 8.23.0 8.23.1
train npm   sharp                            lib   0.35.1 0.35.2 0.35.3 0.35.4 0.35.5
train npm   eslint-plugin-unicorn            rules 76.0.0 77.0.0 78.0.0 79.0.0 80.0.0
train npm   @npmcli/arborist                 lib   10.0.0 10.0.1 10.0.2 10.0.3 10.0.4
train pypi  pydantic                         -     2.13.5 2.14.0 2.14.1 2.14.2 2.14.3
train pypi  django                           -     5.2.15 5.2.16 5.2.17 5.2.18 5.2.19
train pypi  aiohttp                          -     3.14.1 3.14.2 3.14.3 3.14.4 3.14.5
train pypi  attrs                            -     25.1.0 25.2.0 25.3.0 25.4.0 26.1.0
train pypi  pytest                           -     9.0.2 9.0.3 9.1.0 9.1.1 9.2.0
train pypi  black                            -     26.3.1 26.5.0 26.5.1 26.10.0 26.10.1
train pypi  scrapy                           -     2.15.2 2.16.0 2.17.0 2.18.0 2.19.0
train pypi  celery                           -     5.6.0 5.6.1 5.6.2 5.6.3 5.7.0
train pypi  urllib3                          -     2.6.1 2.6.2 2.6.3 2.7.0 2.8.0
train pypi  tornado                          -     6.5.8 6.5.9 6.5.10 6.6 6.6.1
train pypi  anyio                            -     4.14.1 4.14.2 4.15.0 4.15.1 4.16.0
train pypi  trio                             -     0.31.0 0.32.0 0.33.0 0.34.0 0.35.0
train pypi  marshmallow                      -     4.2.3 4.2.4 4.3.0 4.3.1 4.4.0
train pypi  poetry                           -     2.4.1 2.4.2 2.4.3 2.5.0 2.5.1
train pypi  hatchling                        -     1.31.0 1.32.0 1.32.3 1.32.4 1.33.0
train pypi  tox                              -     4.67.11 4.67.12 4.67.13 4.67.14 4.67.15
train pypi  virtualenv                       -     21.15.4 21.15.5 21.15.6 21.15.7 21.15.8
train pypi  textual                          -     8.2.4 8.2.5 8.2.6 8.2.7 8.2.8
train pypi  prompt-toolkit                   -     3.0.49 3.0.50 3.0.51 3.0.52 3.0.53
train pypi  pygments                         -     2.19.0 2.19.1 2.19.2 2.20.0 2.21.0
train pypi  networkx                         -     3.4.1 3.4.2 3.5 3.6 3.6.1
train pypi  sphinx                           -     9.0.0 9.0.1 9.0.2 9.0.3 9.0.4
train pypi  mkdocs                           -     1.5.1 1.5.2 1.5.3 1.6.0 1.6.1
train pypi  jsonschema                       -     4.24.0 4.24.1 4.25.0 4.25.1 4.26.0
train pypi  redis                            -     7.4.0 7.4.1 8.0.0 8.0.1 8.1.0
train pypi  pymongo                          -     4.18.1 4.18.2 4.18.3 4.19.0 4.20.0
train pypi  kombu                            -     5.5.4 5.6.0 5.6.1 5.6.2 5.7.0
train pypi  paramiko                         -     3.5.1 4.0.0 5.0.0 5.0.1 5.1.0
train pypi  litestar                         -     2.21.1 2.22.0 2.23.0 2.24.0 2.25.0
train pypi  sanic                            -     24.12.0 24.12.1 25.3.0 25.12.0 25.12.1
train pypi  falcon                           -     4.1.0 4.2.0 4.3.0 4.3.1 4.4.0
train pypi  langchain-core                   -     1.7.6 1.7.7 1.8.0 1.8.1 1.8.2
train pypi  nox                              -     2026.4.10 2026.7.11 2026.8.10 2026.8.17 2026.10.20
train pypi  hypothesis                       -     6.170.11 6.170.12 6.170.13 6.170.14 6.170.15
train pypi  dnspython                        -     2.7.0 2.8.0 2.9.0 2.9.1 2.9.2
train pypi  peewee                           -     4.4.0 4.5.0 4.5.1 4.5.2 4.5.3
train pypi  sqlglot                          -     30.25.0 30.26.0 30.27.0 30.29.0 30.30.0
train go    github.com/gofiber/fiber/v2      -     v2.52.9 v2.52.10 v2.52.11 v2.52.12 v2.52.15
train go    github.com/sirupsen/logrus       -     v1.9.3 v1.9.4 v1.10.0 v1.10.1 v1.10.2
train go    github.com/stretchr/testify      -     v1.10.0 v1.11.0 v1.11.1 v1.12.0 v1.12.1
train go    go.uber.org/zap                  -     v1.25.0 v1.26.0 v1.27.0 v1.27.1 v1.28.0
train go    google.golang.org/grpc           -     v1.83.0 v1.83.1 v1.83.2 v1.84.0 v1.85.0
train go    gorm.io/gorm                     -     v1.30.3 v1.30.5 v1.31.0 v1.31.1 v1.31.2
train go    github.com/redis/go-redis/v9     -     v9.20.0 v9.20.1 v9.21.0 v9.22.0 v9.23.0
train go    github.com/valyala/fasthttp      -     v1.72.0 v1.73.0 v1.74.0 v1.76.0 v1.77.0
train go    go.etcd.io/bbolt                 -     v1.4.0 v1.4.1 v1.4.2 v1.4.3 v1.5.0
train go    github.com/jackc/pgx/v5          -     v5.9.1 v5.9.2 v5.10.0 v5.11.0 v5.12.0
train go    github.com/go-resty/resty/v2     -     v2.16.3 v2.16.4 v2.16.5 v2.17.1 v2.17.2
train go    github.com/rs/zerolog            -     v1.32.0 v1.33.0 v1.34.0 v1.35.0 v1.35.1
train go    github.com/prometheus/client_golang -     v1.23.1 v1.23.2 v1.24.0 v1.24.1 v1.25.0
train go    github.com/miekg/dns             -     v1.1.68 v1.1.69 v1.1.70 v1.1.72 v1.1.73
train go    github.com/go-git/go-git/v5      -     v5.17.1 v5.17.2 v5.19.1 v5.19.2 v5.19.3
train go    github.com/charmbracelet/bubbletea -     v1.3.6 v1.3.7 v1.3.8 v1.3.9 v1.3.10
train go    github.com/charmbracelet/lipgloss -     v0.11.0 v0.12.1 v0.13.0 v1.0.0 v1.1.0
train go    github.com/nats-io/nats.go       -     v1.51.0 v1.52.0 v1.53.0 v1.53.1 v1.55.0
train go    github.com/yuin/goldmark         -     v1.8.3 v1.8.4 v1.8.5 v1.8.6 v1.8.7
train go    github.com/go-playground/validator/v10 -     v10.30.2 v10.30.3 v10.30.4 v10.30.5 v10.30.6
train go    github.com/minio/minio-go/v7     -     v7.2.0 v7.2.1 v7.3.0 v7.4.0 v7.4.1
train go    github.com/caddyserver/caddy/v2  -     v2.11.5 v2.11.6 v2.11.7 v2.11.8 v2.11.9
train go    github.com/gorilla/websocket     -     v1.4.1 v1.4.2 v1.5.0 v1.5.1 v1.5.3
train go    github.com/knadh/koanf/v2        -     v2.3.6 v2.3.7 v2.3.8 v2.4.0 v2.4.1
train cargo rayon                            src   1.8.0 1.8.1 1.9.0 1.10.0
train cargo regex-automata                   src   0.4.6 0.4.7 0.4.8 0.4.9
train cargo tokio                            src   1.42.0 1.43.0 1.44.0 1.45.0 1.46.0
train cargo tracing-subscriber               src   0.3.16 0.3.17 0.3.18 0.3.19
train cargo rustls                           src   0.23.24 0.23.25 0.23.26 0.23.27
train cargo image                            src   0.25.2 0.25.4 0.25.5 0.25.6
train cargo itertools                        src   0.11.0 0.12.0 0.12.1 0.13.0 0.14.0
train cargo uuid                             src   1.12.0 1.13.0 1.14.0 1.15.0 1.16.0
train cargo chrono                           src   0.4.37 0.4.38 0.4.39 0.4.40 0.4.41
train cargo petgraph                         src   0.7.0 0.7.1 0.8.0 0.8.1 0.8.2
train cargo ratatui                          src   0.26.0 0.26.1 0.26.2 0.26.3
train cargo winnow                           src   0.7.4 0.7.5 0.7.6 0.7.7 0.7.8
train cargo jiff                             src   0.2.4 0.2.5 0.2.6 0.2.7 0.2.8
train cargo toml_edit                        src   0.22.22 0.22.23 0.22.24 0.22.25 0.22.26
train cargo sqlx-core                        src   0.8.2 0.8.3 0.8.5 0.8.6
train cargo egui                             src   0.31.0 0.31.1 0.32.0 0.32.1
train cargo diesel                           src   2.2.5 2.2.6 2.2.7 2.2.8 2.2.9
train cargo axum                             src   0.8.0 0.8.1 0.8.3 0.8.4
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
