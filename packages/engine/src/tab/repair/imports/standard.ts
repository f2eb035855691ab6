/** Modules of the standard libraries whose use names them: `os.path` needs `import os`. Only what is written by one name everywhere. */
const PYTHON = new Set(
  'abc argparse array ast asyncio base64 bisect builtins calendar cmath collections concurrent configparser contextlib contextvars copy csv ctypes dataclasses datetime decimal difflib dis email enum errno fnmatch fractions functools gc getpass glob gzip hashlib heapq hmac html http importlib inspect io ipaddress itertools json keyword linecache locale logging lzma math mimetypes multiprocessing numbers operator os pathlib pickle pkgutil platform pprint queue random re sched secrets select selectors shlex shutil signal socket sqlite3 ssl stat statistics string struct subprocess sys sysconfig tempfile textwrap threading time timeit tokenize traceback types typing unicodedata unittest urllib uuid warnings weakref xml zipfile zipimport zlib zoneinfo'.split(
    ' ',
  ),
);

const GO = new Map(
  'archive/tar archive/zip bufio bytes cmp compress/gzip container/heap container/list context crypto/hmac crypto/md5 crypto/sha1 crypto/sha256 crypto/sha512 crypto/tls crypto/x509 database/sql embed encoding/base64 encoding/binary encoding/csv encoding/hex encoding/json encoding/xml errors expvar flag fmt go/ast go/parser go/token hash/crc32 hash/fnv html io io/fs iter log log/slog maps math math/big math/bits math/cmplx mime mime/multipart net net/http net/http/httptest net/mail net/netip net/url os os/exec os/signal os/user path path/filepath reflect regexp runtime runtime/debug slices sort strconv strings sync sync/atomic syscall testing testing/fstest text/tabwriter time unicode unicode/utf16 unicode/utf8 unique unsafe'
    .split(' ')
    .map((path) => [path.slice(path.lastIndexOf('/') + 1), path] as const),
);

const CPP = new Map(
  Object.entries({
    vector: 'vector',
    string: 'string',
    string_view: 'string_view',
    map: 'map',
    multimap: 'map',
    unordered_map: 'unordered_map',
    set: 'set',
    unordered_set: 'unordered_set',
    array: 'array',
    deque: 'deque',
    list: 'list',
    queue: 'queue',
    stack: 'stack',
    span: 'span',
    optional: 'optional',
    variant: 'variant',
    any: 'any',
    tuple: 'tuple',
    pair: 'utility',
    move: 'utility',
    unique_ptr: 'memory',
    shared_ptr: 'memory',
    weak_ptr: 'memory',
    make_unique: 'memory',
    make_shared: 'memory',
    function: 'functional',
    sort: 'algorithm',
    find_if: 'algorithm',
    transform: 'algorithm',
    accumulate: 'numeric',
    iota: 'numeric',
    thread: 'thread',
    mutex: 'mutex',
    lock_guard: 'mutex',
    unique_lock: 'mutex',
    atomic: 'atomic',
    cout: 'iostream',
    cerr: 'iostream',
    endl: 'iostream',
    ifstream: 'fstream',
    ofstream: 'fstream',
    stringstream: 'sstream',
    ostringstream: 'sstream',
    runtime_error: 'stdexcept',
    logic_error: 'stdexcept',
    invalid_argument: 'stdexcept',
    out_of_range: 'stdexcept',
    regex: 'regex',
    numeric_limits: 'limits',
    setw: 'iomanip',
    setprecision: 'iomanip',
  }),
);

const C = new Map(
  [
    ['stdio.h', 'printf fprintf snprintf sprintf puts fopen fclose fread fwrite fgets perror FILE'],
    ['stdlib.h', 'malloc calloc realloc free exit abort getenv strtol strtoul qsort atoi'],
    ['string.h', 'memcpy memmove memset memcmp strlen strcmp strncmp strcpy strncpy strcat strchr strstr strdup'],
    ['stdint.h', 'uint8_t uint16_t uint32_t uint64_t int8_t int16_t int32_t int64_t uintptr_t'],
    ['stdbool.h', 'bool true false'],
    ['assert.h', 'assert'],
    ['errno.h', 'errno EINVAL ENOMEM'],
    ['math.h', 'sqrt pow fabs floor ceil'],
    ['ctype.h', 'isdigit isalpha isspace tolower toupper'],
    ['limits.h', 'INT_MAX INT_MIN UINT_MAX'],
  ].flatMap(([header, names]) => names!.split(' ').map((name) => [name, header!] as const)),
);

const RUBY = new Map(
  Object.entries({
    JSON: 'json',
    YAML: 'yaml',
    CSV: 'csv',
    ERB: 'erb',
    FileUtils: 'fileutils',
    Pathname: 'pathname',
    OptionParser: 'optparse',
    StringIO: 'stringio',
    Tempfile: 'tempfile',
    SecureRandom: 'securerandom',
    Digest: 'digest',
    Base64: 'base64',
    OpenStruct: 'ostruct',
    Logger: 'logger',
    Benchmark: 'benchmark',
    Timeout: 'timeout',
    Forwardable: 'forwardable',
    Singleton: 'singleton',
    BigDecimal: 'bigdecimal',
    URI: 'uri',
    Open3: 'open3',
    PP: 'pp',
  }),
);

export function isStandardModule(languageId: 'python' | 'go', module: string): boolean {
  return languageId === 'python' ? PYTHON.has(module) : !module.split('/')[0]!.includes('.');
}

/**
 * The module of the standard library that `name` comes from, where the name says so by itself.
 * @param qualifier `std` of `std::name`, in C++
 */
export function standardModuleOf(languageId: string, name: string, qualifier: string | undefined): string | undefined {
  switch (languageId) {
    case 'python':
      return PYTHON.has(name) ? name : undefined;
    case 'go':
      return GO.get(name);
    case 'cpp':
      return qualifier === 'std' ? CPP.get(name) : undefined;
    case 'c':
      return C.get(name);
    case 'ruby':
      return RUBY.get(name);
    default:
      return undefined;
  }
}
