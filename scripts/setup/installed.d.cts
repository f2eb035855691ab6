interface LockEntry {
  version?: string;
  link?: boolean;
  optional?: boolean;
  devOptional?: boolean;
  dev?: boolean;
  peer?: boolean;
}
export function installFingerprint(root: string): string;
export function installStamp(root: string, development: boolean): string;
export function isInstalled(root: string, development: boolean): boolean;
export function recordMatches(
  wanted: Record<string, LockEntry>,
  present: Record<string, LockEntry>,
  development: boolean,
): boolean;
