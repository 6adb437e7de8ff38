/** A package's name in the forms that its files need. */
export interface PluginName {
  /** `@scope/strake-motd` */
  readonly full: string;
  /** `strake-motd` */
  readonly folder: string;
  /** `motd`: without `strake-` and `plugin-`. */
  readonly short: string;
  /** `motd`, `helloWorld` */
  readonly camel: string;
  /** `Motd`, `HelloWorld` */
  readonly pascal: string;
  /** `MOTD`, `HELLOWORLD` */
  readonly keyword: string;
}

const RESERVED = /^(?:await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield)$/;

/** The forms of a name; undefined for what npm would not take, or what gives no name in a program. */
export function nameOf(written: string): PluginName | undefined {
  const [, folder] = /^(?:@[a-z0-9][a-z0-9-]*\/)?([a-z][a-z0-9-]*)$/.exec(written) ?? [];
  if (folder === undefined || written.length > 200) return undefined;
  const short = folder.replace(/^(?:strake-)?(?:plugin-)?(?=[a-z])/, '');
  const words = short.split('-').filter((word) => word !== '');
  const pascal = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  const camel = pascal.charAt(0).toLowerCase() + pascal.slice(1);
  const keyword = pascal.toUpperCase().replace(/[^A-Z]/g, '');
  return { full: written, folder, short, camel: RESERVED.test(camel) ? `${camel}Plugin` : camel, pascal, keyword };
}
