/** The shells that completion exists for. */
export const shells: readonly string[] = ['bash', 'zsh', 'fish'];

// The scripts only ask `strake __complete WORD...`: candidates a line; a last line `:file` or `:directory` hands over to the shell.
const bash = `# bash completion for strake: source <(strake completion bash)
_strake() {
  local IFS=$'\\n' line cur=\${COMP_WORDS[COMP_CWORD]} words=()
  COMPREPLY=()
  if [[ $cur == '=' ]]; then cur=''; fi
  words=("\${COMP_WORDS[@]:1:COMP_CWORD-1}" "$cur")
  for line in $("\${COMP_WORDS[0]}" __complete -- "\${words[@]}" 2>/dev/null); do
    case $line in
      :file) compopt -o filenames 2>/dev/null; COMPREPLY+=($(compgen -f -- "$cur")) ;;
      :directory) compopt -o filenames 2>/dev/null; COMPREPLY+=($(compgen -d -- "$cur")) ;;
      *) [[ $line == *= ]] && compopt -o nospace 2>/dev/null; COMPREPLY+=("$line") ;;
    esac
  done
  # bash splits words at colons; only what follows the last one is replaced
  if [[ $cur == *:* && $COMP_WORDBREAKS == *:* ]]; then
    local prefix=\${cur%"\${cur##*:}"} i
    for i in "\${!COMPREPLY[@]}"; do COMPREPLY[i]=\${COMPREPLY[i]#"$prefix"}; done
  fi
}
complete -F _strake strake
`;

const zsh = `#compdef strake
# zsh completion for strake: source <(strake completion zsh)
_strake() {
  local line
  local -a candidates
  for line in \${(f)"$(strake __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"}; do
    case $line in
      :file) _files ;;
      :directory) _files -/ ;;
      *) candidates+=("$line") ;;
    esac
  done
  (( $#candidates )) && compadd -a candidates
}
compdef _strake strake
`;

const fish = `# fish completion for strake: strake completion fish | source
function __strake_complete
  set -l words (commandline -opc) (commandline -ct)
  for line in (strake __complete -- $words[2..-1] 2>/dev/null)
    switch $line
      case ':file'
        __fish_complete_path (commandline -ct)
      case ':directory'
        __fish_complete_directories (commandline -ct)
      case '*'
        echo $line
    end
  end
end
complete -c strake -f -a '(__strake_complete)'
`;

/** The script that makes a shell complete strake's command line; undefined for an unknown shell. */
export function completionScript(shell: string): string | undefined {
  return new Map([['bash', bash], ['zsh', zsh], ['fish', fish]]).get(shell);
}
