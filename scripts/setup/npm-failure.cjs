'use strict';

/** What npm writes -> what the user can do. The first that matches is the one told; causes before consequences. */
const CAUSES = [
  [/ENOSPC|no space left on device/i, 'the disk is full. Free about 1.3 GB.'],
  [/EDQUOT|disk quota exceeded/i, 'your disk quota is used up. Free about 1.3 GB.'],
  [/EROFS|read-only file system/i, 'the checkout is on a read-only disk. Clone it to a folder that you can write.'],
  [
    /E40[13]\b|ENEEDAUTH/,
    'the npm registry refused access. Check the login or token that npm config list shows for it.',
  ],
  [
    /E407\b|proxy authentication/i,
    "the proxy wants a login. Put it into npm's https-proxy setting or the HTTPS_PROXY variable.",
  ],
  [
    /SELF_SIGNED_CERT|UNABLE_TO_(GET_ISSUER|VERIFY)|CERT_HAS_EXPIRED|certificate/i,
    "the registry's certificate is not trusted. Behind a company proxy, set NODE_EXTRA_CA_CERTS to its certificate.",
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|network (request|timeout)|EPROTO/i,
    'the npm registry cannot be reached. Check the network, and the registry and proxy that npm config list shows.',
  ],
  [
    /E404\b|ETARGET|ENOVERSIONS|notarget/,
    'the npm registry does not have a package that is needed. If it is a mirror, bring it up to date.',
  ],
  [/EINTEGRITY/, "a download is damaged. Clear npm's cache with npm cache clean --force."],
  [
    /EUSAGE|can only install packages when your package\.json and package-lock/i,
    'package.json and package-lock.json disagree. Run npm install, and commit both.',
  ],
  [/EBADENGINE/, 'a package needs a newer Node than this one. Install a newer Node.'],
  [
    /EACCES|EPERM|operation not permitted/i,
    "a file may not be written. Check who owns the checkout and npm's cache folder.",
  ],
  [/EMFILE|ENFILE/, 'too many files are open. Raise the limit with ulimit -n 4096.'],
  [/ENOMEM|heap out of memory|Killed/, 'there is not enough memory. Close other programs.'],
  [/find Python|not found: make|g\+\+|gyp ERR!/, 'no compiler was found. Install python3, make and g++.'],
];

/** Pure: a clear sentence for npm's output. */
function explainNpmFailure(log) {
  const cause = CAUSES.find(([pattern]) => pattern.test(log));
  if (cause) return cause[1];
  const line = log.split('\n').find((text) => /^npm (error|ERR!) (?!code)/.test(text));
  return line ? `npm says "${line.replace(/^npm (error|ERR!) /, '').trim()}".` : 'npm failed without saying why.';
}

module.exports = { explainNpmFailure };
