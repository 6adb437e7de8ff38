/**
 * A tar as text that stands for its bytes exactly: a line for each block of 512, runs of zero bytes as `<0*n>`, other
 * bytes that do not print as `<hh>`. Good to compare and good to read.
 */
export function showTar(tar: Buffer): string {
  const lines: string[] = [];
  for (let at = 0; at < tar.length; at += 512) lines.push(showBlock(tar.subarray(at, at + 512)));
  return `${lines.join('\n')}\n`;
}

function showBlock(block: Buffer): string {
  const text = block.toString('latin1').replace(/[^\x20-\x7e\0]|[<>]/g, (char) => `<${char.charCodeAt(0).toString(16).padStart(2, '0')}>`);
  return text.replace(/\0+/g, (zeros) => `<0*${zeros.length}>`);
}
