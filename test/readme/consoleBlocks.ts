/** One command of the README with the output that stands below it. */
export interface ConsoleBlock {
  readonly command: string;
  readonly output: string;
  /** Line of the command in the README, from 1. */
  readonly line: number;
}

/** The blocks that show a console: a line with `$ ` and the command, then what it printed. */
export function consoleBlocks(markdown: string): ConsoleBlock[] {
  const lines = markdown.split('\n');
  const blocks: ConsoleBlock[] = [];
  for (let index = 0; index < lines.length; index++) {
    if (lines[index] !== '```console') continue;
    const end = lines.indexOf('```', index);
    blocks.push({
      command: (lines[index + 1] ?? '').replace(/^\$ /, ''),
      output: lines.slice(index + 2, end).join('\n'),
      line: index + 2,
    });
  }
  return blocks;
}

/** The README with the outputs replaced by what the commands print now. */
export function withOutputs(markdown: string, outputs: ReadonlyMap<string, string>): string {
  let updated = markdown;
  for (const { command, output } of consoleBlocks(markdown)) {
    const before = ['```console', `$ ${command}`, ...(output === '' ? [] : [output]), '```'].join('\n');
    const after = ['```console', `$ ${command}`, outputs.get(command) ?? '', '```'].join('\n');
    updated = updated.replace(before, () => after);
  }
  return updated;
}
