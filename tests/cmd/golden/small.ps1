# PowerShell completion of ucsignin: call it from $PROFILE. The project's tests compare it, they don't run it.
Register-ArgumentCompleter -Native -CommandName ucsignin -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $commands = [ordered]@{
        'ask' = 'Ask for the user''s [name]: at most once'
        'explain' = 'Explain'
        '--help' = 'Print this help message and exit'
        '--version' = 'Display program version information and exit'
    }
    $options = @{
        'ask' = [ordered]@{
            '--help' = 'Print this help message and exit'
            '--how' = 'loud or quiet'
            '--json' = 'where. It isn''t shown'
            '--server' = 'may be repeated'
            '--quiet' = '.hidden by a dot, C:\ too'
        }
        'explain' = [ordered]@{
            '--help' = 'Print this help message and exit'
        }
    }
    $values = @{
        'ask --how' = @('loud', 'quiet')
    }
    $places = @{
        'explain' = { & ucsignin explain --list | ForEach-Object { ($_ -split ' ')[0] } }
    }
    $words = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
    $at = if ($wordToComplete) { $words.Count - 1 } else { $words.Count }
    $command = if ($at -gt 1) { $words[1] } else { '' }
    $key = "$command $($words[$at - 1])"
    $found = if (-not $command) { $commands }
        elseif ($values.ContainsKey($key)) { $values[$key] }
        elseif ($wordToComplete -like '-*') { $options[$command] }
        elseif ($places.ContainsKey($command)) { & $places[$command] }
    if ($found -is [System.Collections.IDictionary]) {
        $found.GetEnumerator() | Where-Object { $_.Key -like "$wordToComplete*" } | ForEach-Object {
            [System.Management.Automation.CompletionResult]::new($_.Key, $_.Key, 'ParameterName', $_.Value)
        }
    } else {
        $found | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
            [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
        }
    }
}
