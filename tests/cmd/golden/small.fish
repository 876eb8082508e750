# fish completion of ucsignin: put it as ucsignin.fish into a folder of $fish_complete_path
complete -c ucsignin -f
complete -c ucsignin -n __fish_use_subcommand -s h -l help -d 'Print this help message and exit'
complete -c ucsignin -n __fish_use_subcommand -l version -d 'Display program version information and exit'
complete -c ucsignin -n __fish_use_subcommand -a ask -d 'Ask for the user\'s [name]: at most once'
complete -c ucsignin -n '__fish_seen_subcommand_from ask' -s h -l help -d 'Print this help message and exit'
complete -c ucsignin -n '__fish_seen_subcommand_from ask' -l how -x -a 'loud quiet' -d 'loud or quiet'
complete -c ucsignin -n '__fish_seen_subcommand_from ask' -l json -r -F -d 'where. It isn\'t shown'
complete -c ucsignin -n '__fish_seen_subcommand_from ask' -l server -x -d 'may be repeated'
complete -c ucsignin -n '__fish_seen_subcommand_from ask' -s q -l quiet -d '.hidden by a dot, C:\\ too'
complete -c ucsignin -n __fish_use_subcommand -a explain -d 'Explain'
complete -c ucsignin -n '__fish_seen_subcommand_from explain' -s h -l help -d 'Print this help message and exit'
complete -c ucsignin -n '__fish_seen_subcommand_from explain' -f -a "(ucsignin explain --list 2>/dev/null | cut -d' ' -f1)"
