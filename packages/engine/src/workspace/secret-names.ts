/**
 * Names of files that may hold secrets: nothing reads them, whatever the rules of a folder say. One list for Tab and for the index; docs/indexing.md tells it
 * to the user.
 */
const SECRET = [
  /^\.env($|\.)/i,
  /\.env$/i,
  /^\.(npmrc|pypirc|netrc|pgpass|htpasswd|git-credentials|dockercfg)$/i,
  /^(id_(rsa|dsa|ecdsa|ed25519)|credentials|secrets?)(\.|$)/i,
  /\.(pem|key|p12|pfx|jks|keystore|kdbx|asc|gpg|ppk|tfstate|tfvars)(\.|$)/i,
  /^(service-?account|client_secret)[\w-]*\.json$/i,
  /^\.(?:envrc|s3cfg|boto|my\.cnf|vault-token|terraformrc|pgpass|dockerconfigjson|cargo-credentials)$/i,
  /^\.(?:bash|zsh|psql|mysql|sqlite|python|node_repl|irb|rediscli)_?history$/i,
  /^\.?(?:terraform\.rc|credentials\.tfrc\.json|kubeconfig|wp-config\.php|master\.key|htpasswd|ssh_host_\w+_key)$/i,
  /\.(?:p8|pkcs12|keytab|ovpn|mobileprovision|jceks|bks|agekey|kubeconfig)$/i,
  /(?:^|[-_.])(?:id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|private[-_]?key)$/i,
  /^(?:application_default_credentials|firebase-adminsdk[\w-]*|[\w-]*service[-_]?account[\w-]*)\.json$/i,
];

/** Written to be read: what a project's own settings have to hold. */
const EXAMPLE = /^\.env\.(example|sample|template)$/i;

/** Code that deals with secrets, in languages where such a file is hardly the configuration itself. */
const CODE_ABOUT_SECRETS =
  /^(?:credentials|secrets?)\.(?:test\.|spec\.|d\.)?(?:[cm]?[jt]sx?|go|rs|java|kt|cs|c|h|cc|cpp|hpp|swift|scala|vue|svelte|mdx?|rst)$/i;

/** Folders below which every file is taken for a secret. */
const SECRET_FOLDERS = new Set(['.ssh', '.gnupg', '.aws', '.kube', '.azure', '.password-store']);

export function isSecretName(name: string): boolean {
  return SECRET.some((pattern) => pattern.test(name)) && !EXAMPLE.test(name) && !CODE_ABOUT_SECRETS.test(name);
}

export function isSecretFolder(name: string): boolean {
  return SECRET_FOLDERS.has(name);
}
