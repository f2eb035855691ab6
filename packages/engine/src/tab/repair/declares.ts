/** True where the text declares `name` so that other files can use it; by spelling, in the languages whose imports are known. */
export function declares(text: string, languageId: string, name: string): boolean {
  if (!/^[\p{L}\p{Nd}_$]+$/u.test(name)) return false;
  return patternOf(languageId, name.replaceAll('$', '\\$')).test(text);
}

function patternOf(languageId: string, name: string): RegExp {
  switch (languageId) {
    case 'python':
      return new RegExp(`^(?:(?:async\\s+)?def|class)\\s+${name}\\b|^${name}\\s*(?::[^=\\n]+)?=(?!=)`, 'm');
    case 'java':
    case 'csharp':
    case 'php':
    case 'ruby':
      return new RegExp(`\\b(?:class|interface|enum|record|struct|trait|module)\\s+${name}\\b`);
    case 'rust':
      return new RegExp(`\\bpub(?:\\([^)]*\\))?\\s+(?:fn|struct|enum|trait|type|mod|const|static)\\s+${name}\\b`);
    case 'go':
      return new RegExp(`^package\\s+${name}\\b`, 'm');
    case 'c':
    case 'cpp':
      return new RegExp(
        `^[ \\t]*#[ \\t]*define[ \\t]+${name}\\b|\\b(?:class|struct|union|enum(?:\\s+class)?)\\s+${name}\\b[^;{]*\\{|\\btypedef\\b[^;]*\\b${name}\\s*;|\\}\\s*${name}\\s*;|\\busing\\s+${name}\\s*=|^[\\w:<>*&][\\w:<>*& \\t]*\\b${name}\\s*\\([^;{}]*\\)[^;{}]*;`,
        'm',
      );
    default:
      return new RegExp(
        `\\bexport\\s+(?:default\\s+)?(?:declare\\s+)?(?:abstract\\s+)?(?:async\\s+)?(?:function\\*?|class|const|let|var|interface|type|enum|namespace)\\s+${name}(?![\\w$])|\\bexport\\s+(?:type\\s+)?\\{[^}]*(?<![\\w$])${name}(?![\\w$])(?!\\s+as)[^}]*\\}(?!\\s*from)`,
      );
  }
}

/** `package a.b;` of Java, `namespace A\B;` of PHP. */
export function packageIn(text: string, languageId: string): string | undefined {
  return (languageId === 'java' ? /^package[ \t]+([\w.]+)/m : /^namespace[ \t]+([\w\\]+)/m).exec(text)?.[1];
}

/** Of C#. */
export function namespaceOf(text: string): string | undefined {
  return /^[ \t]*namespace[ \t]+([\w.]+)/m.exec(text)?.[1];
}
