#compdef ucsignin
# zsh completion of ucsignin: put it as _ucsignin into a folder of $fpath

_ucsignin() {
  local -a commands=(
    'ask:Ask for the user'\''s \[name\]\: at most once'
    'explain:Explain'
    '--help:Print this help message and exit'
    '--version:Display program version information and exit'
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
    ask)
      _arguments \
        '(-h --help)'{-h,--help}'[Print this help message and exit]' \
        '1:ADDRESS: ' \
        '--how=[loud or quiet]:TEXT:(loud quiet)' \
        '--json=[where. It isn'\''t shown]:FILE:_files' \
        '*--server=[may be repeated]:TEXT: ' \
        '(-q --quiet)'{-q,--quiet}'[.hidden by a dot, C\:\\ too]' ;;
    explain)
      _arguments \
        '(-h --help)'{-h,--help}'[Print this help message and exit]' \
        '::ID:{compadd -- $(ucsignin explain --list 2>/dev/null | cut -d'\'' '\'' -f1)}' ;;
  esac
}

if [ "$funcstack[1]" = _ucsignin ]; then _ucsignin "$@"; else compdef _ucsignin ucsignin; fi
