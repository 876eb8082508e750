# bash completion of ucsignin: source it, or put it where bash-completion looks

_ucsignin_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current"); }
_ucsignin_files() { compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$current"); }

_ucsignin() {
    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        _ucsignin_words "ask explain --help --version"
        return
    fi
    case "$command $before" in
        'ask --how') _ucsignin_words "loud quiet"; return ;;
        'ask --json') _ucsignin_files; return ;;
        'ask --server') :; return ;;
    esac
    case "$command" in
        ask) if [[ $current == -* ]]; then _ucsignin_words "--help --how --json --server --quiet"; else :; fi ;;
        explain) if [[ $current == -* ]]; then _ucsignin_words "--help"; else _ucsignin_words "$(ucsignin explain --list 2>/dev/null | cut -d' ' -f1)"; fi ;;
    esac
}
complete -F _ucsignin ucsignin
