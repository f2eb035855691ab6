/** What of a doc comment says in words what the code does: its first paragraph, without markers, tags and markup. Undefined where little is left. */
export function spokenPart(raw: string): string | undefined {
  const lines: string[] = [];
  for (const line of withoutMarkers(raw)) {
    const text = line.trim();
    // Tags, lists of parameters and examples begin what is no sentence any more.
    if (/^(@\w|:\w[\w ]*:|\.\. |>>>|```|~~~|# Examples?|#{1,4} |={3,}|-{3,}|\* |- )/.test(text)) {
      if (lines.length === 0 && /^@(description|desc|summary|brief)\b/.test(text))
        lines.push(text.replace(/^@\w+\s*/, ''));
      else if (lines.length === 0) continue;
      else break;
      continue;
    }
    if (
      /^(args|arguments|parameters|params|returns?|raises|yields|examples?|usage|notes?|see also|attributes)\s*:?$/i.test(
        text,
      )
    )
      break;
    if (text === '') {
      if (lines.length > 0) break;
      continue;
    }
    lines.push(text);
  }
  const plain = lines
    .join(' ')
    .replace(/\{@(?:link|code|see)\w*\s+([^}|]*)[^}]*\}/g, '$1')
    .replace(/:[a-z]+(?::[a-z]+)?:`~?([^`<]*)[^`]*`/g, '$1')
    .replace(/<\/?[a-z][^>]*>/gi, ' ')
    .replace(/\[([^\]]+)\](?:\([^)]*\)|\[[^\]]*\])/g, '$1')
    .replace(/https?:\/\/\S+/g, ' ')
    .replace(/[`*]{1,2}/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  const words = plain.split(' ');
  if (words.length < 3 || words.length > 80 || plain.length > 600) return undefined;
  if (
    /^(todo|fixme|deprecated|copyright|license|eslint|jshint|istanbul|noqa|type:|pylint|test (for|that|if)|see |internal|this (method|function) (is|was) (deprecated|generated|auto))/i.test(
      plain,
    )
  )
    return undefined;
  const letters = plain.replace(/[^A-Za-z ]/g, '').length;
  return letters < 0.75 * plain.length ? undefined : plain;
}

function withoutMarkers(raw: string): string[] {
  const text = raw.trim();
  if (/^[rRuUbBfF]{0,2}("""|'''|"|')/.test(text))
    return text
      .replace(/^[rRuUbBfF]{0,2}("""|'''|"|')/, '')
      .replace(/("""|'''|"|')$/, '')
      .split('\n');
  return text
    .split('\n')
    .map((line) => line.replace(/^\s*(\/\*\*?!?|\/\/[/!]?|#+!?|--+|\*(?!\*))\s?/, '').replace(/\*\/\s*$/, ''));
}
