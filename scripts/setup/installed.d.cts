interface LockEntry {
  version?: string;
  link?: boolean;
  optional?: boolean;
  devOptional?: boolean;
  peer?: boolean;
}
export function installFingerprint(root: string): string;
export function isInstalled(root: string): boolean;
export function recordMatches(wanted: Record<string, LockEntry>, present: Record<string, LockEntry>): boolean;
