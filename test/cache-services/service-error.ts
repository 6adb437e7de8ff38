/** An answer that is an error, as S3 and Azure's storage write it: a document of XML with a code and a message. */
export class ServiceError extends Error {
  readonly status: number;
  readonly code: string;
  /** Further elements of the document. */
  readonly more: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, more: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.more = more;
  }
}

/** A document of one element with others in it. */
export function xml(root: string, elements: Readonly<Record<string, string>>): string {
  const inner = Object.entries(elements).map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}>${inner}</${root}>`;
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
