'use strict';
/* `npm test`: the same set-up as `npm start`, then every check. Old syntax as in start.cjs. */
var major = parseInt(process.versions.node, 10);
if (major < 20) {
  process.stderr.write('Tabstop needs Node 20 or newer; this is Node ' + process.versions.node + '.\n');
  process.exit(1);
} else {
  require('./setup/bootstrap.cjs').test(process.argv.slice(2));
}
