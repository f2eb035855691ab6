/** Modules that come with the language itself: nothing is installed for them. */

/** Of Node.js, without the `node:` that the newer ones need. */
export const NODE_BUILTINS: ReadonlySet<string> = words(`
  assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain events fs http http2 https inspector
  module net os path perf_hooks process punycode querystring readline repl stream string_decoder sys timers tls trace_events tty url util v8 vm wasi
  worker_threads zlib
`);

/** Of Python 3 (`sys.stdlib_module_names` of 3.11, and those that older versions had). */
export const PYTHON_BUILTINS: ReadonlySet<string> = words(`
  __future__ abc aifc antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii bisect builtins bz2 cProfile
  calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall concurrent configparser contextlib contextvars copy
  copyreg crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis distutils doctest email encodings ensurepip enum errno
  faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib
  heapq hmac html http idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale logging lzma
  mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt ntpath nturl2path numbers opcode
  operator optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix posixpath pprint profile pstats
  pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re readline reprlib resource rlcompleter runpy sched secrets select
  selectors shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat
  statistics string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios textwrap this
  threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle turtledemo types typing unicodedata unittest
  urllib uu uuid venv warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo
`);

export const RUST_BUILTINS: ReadonlySet<string> = words('std core alloc proc_macro test crate self super');

/** Distributions whose modules are called otherwise (by PyPI's own names); every other module is taken to be called as its distribution. */
export const PYTHON_DISTRIBUTIONS: ReadonlyMap<string, string> = new Map([
  ['attr', 'attrs'],
  ['bs4', 'beautifulsoup4'],
  ['cv2', 'opencv-python'],
  ['dateutil', 'python-dateutil'],
  ['dotenv', 'python-dotenv'],
  ['Crypto', 'pycryptodome'],
  ['docx', 'python-docx'],
  ['fitz', 'PyMuPDF'],
  ['git', 'GitPython'],
  ['github', 'PyGithub'],
  ['jose', 'python-jose'],
  ['jwt', 'PyJWT'],
  ['magic', 'python-magic'],
  ['MySQLdb', 'mysqlclient'],
  ['OpenSSL', 'pyOpenSSL'],
  ['PIL', 'Pillow'],
  ['pptx', 'python-pptx'],
  ['psycopg2', 'psycopg2-binary'],
  ['rest_framework', 'djangorestframework'],
  ['serial', 'pyserial'],
  ['skimage', 'scikit-image'],
  ['sklearn', 'scikit-learn'],
  ['slugify', 'python-slugify'],
  ['socketio', 'python-socketio'],
  ['telegram', 'python-telegram-bot'],
  ['usb', 'pyusb'],
  ['websocket', 'websocket-client'],
  ['win32api', 'pywin32'],
  ['yaml', 'PyYAML'],
  ['zmq', 'pyzmq'],
]);

/** Modules of several distributions, or of none that can be told from the name. */
export const PYTHON_UNCLEAR: ReadonlySet<string> = words(
  'google azure opentelemetry pkg_resources setuptools pip zope backports ruamel jaraco',
);

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
