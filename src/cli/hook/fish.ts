import { formatUnset } from '../../output/index.ts'
import { backOffSeconds, marginSeconds } from './timing.ts'

/**
 * fish 3.1 and later. fish has no clock, but since 3.5 it knows when a file changed and how long ago that was: together
 * they are now, without a process. Older ones ask `date`, once for each prompt while there are credentials. What an event
 * handler does leaves `$status` and `$pipestatus` as they were, and a second load replaces the handler.
 */
export function fishHook(): string {
  return `# Keeps the credentials of this shell fresh. In ~/.config/fish/config.fish: sesame hook fish | source

function sesame-login --description 'Sign in, with the credentials set in this shell'
    set -l IFS \\n' '\\t
    if contains -- --help $argv; or contains -- -h $argv
        command sesame login --help
        return
    end
    set -l output (command sesame login --format fish $argv)
    set -l code $status
    if _sesame_hook_assigns $output
        printf '%s\\n' $output | source
    else
        test (count $output) -eq 0; or printf '%s\\n' $output
        return $code
    end
end

# sesame itself; but "use", and a login whose outcome would be shown on the terminal, are for this shell alone.
function sesame --description 'Sign in to the cloud; use and login are for this shell'
    set -l word ''
    set -l skip ''
    set -l takes yes
    set -l before
    set -l after
    for each in $argv
        if test -n "$word"
            set -a after $each
        else
            set -a before $each
        end
        if test -n "$skip"
            set skip ''
            continue
        end
        switch $each
            case --help -h --env --format '--format=*' --this-shell
                set takes ''
            case --profile
                test -n "$word"; or set skip yes
            case '-*'
            case '*'
                test -n "$word"; or set word $each
        end
    end
    contains -- "$word" use login; or set takes ''
    # What another program reads is left to sesame as it is.
    test "$word" = login; and not test -t 1; and set takes ''
    if test -z "$takes"
        command sesame $argv
        return
    end
    # Traces would show secrets.
    set -l fish_trace
    set -l IFS \\n' '\\t
    set -l profile $SESAME_PROFILE
    set -l options --format fish
    test "$word" = login; and set -a options --this-shell
    set -l output (command sesame $before $options $after)
    set -l code $status
    # Where nothing was chosen, nothing changes.
    test $code -ne 0; and test "$word" = use; and return $code
    if _sesame_hook_assigns $output
        printf '%s\\n' $output | source
        # A login that fails takes the keys out, not the choice of the profile.
        test $code -ne 0; and test -n "$profile"; and set -gx SESAME_PROFILE $profile
    else if test (count $output) -gt 0
        printf '%s\\n' $output
    end
    return $code
end

# Whether these lines do nothing but set and unset variables: help, or what another program of that name prints, is not run.
function _sesame_hook_assigns
    test (count $argv) -gt 0; or return 1
    for line in $argv
        string match -qr '^set -(gx|eg) [A-Z][A-Z0-9_]* ?' -- $line; or return 1
    end
end

if builtin -q path
    function _sesame_hook_clock
        math (path mtime -- /) + (path mtime --relative -- /)
    end
else
    function _sesame_hook_clock
        command date +%s
    end
end

function _sesame_hook --on-event fish_prompt
    test -n "$SESAME_EXPIRATION"; or return 0
    set -l now (_sesame_hook_clock)
    if test "$SESAME_EXPIRATION" != "$_sesame_hook_seen"
        _sesame_hook_read_expiration
        set -g _sesame_hook_next (math $_sesame_hook_expires - ${marginSeconds})
    end
    test "$now" -ge "$_sesame_hook_next"; and _sesame_hook_renew $now
    return 0
end

# SESAME_EXPIRATION in seconds since 1970; anything but 2026-11-21T08:00:00Z is left alone.
function _sesame_hook_read_expiration
    # An empty IFS keeps the lines of a command substitution together.
    set -l IFS \\n' '\\t
    set -g _sesame_hook_seen $SESAME_EXPIRATION
    set -g _sesame_hook_expires 99999999999
    set -l at (string match -r '^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z$' -- $SESAME_EXPIRATION)
    or return 0
    set -l year $at[2]
    set -l month $at[3]
    # Years that begin in March have their odd day at the end.
    if test $month -lt 3
        set year (math $year - 1)
        set month (math $month + 12)
    end
    set -l days (math "$at[4] + 365 * $year + floor($year / 4) - floor($year / 100) + floor($year / 400) + floor((153 * $month - 457) / 5) - 719469")
    set -g _sesame_hook_expires (math "(($days * 24 + $at[5]) * 60 + $at[6]) * 60 + $at[7]")
end

function _sesame_hook_renew --argument-names now
    # Traces would show secrets.
    set -l fish_trace
    set -l IFS \\n' '\\t
    set -l code 127
    set -l before $SESAME_EXPIRATION
    set -l left (math $_sesame_hook_expires - $now)
    set -l wait ${backOffSeconds}
    # Set before the attempt, so that one ended by Ctrl-C counts too.
    set -g _sesame_hook_next (math $now + $wait)
    if test -z "$SESAME_PROFILE"
        set code 3
    else if command -q sesame
        # What fails would unset credentials that are still good: only a success is evaluated.
        set -l output (command sesame credentials --format fish --profile "$SESAME_PROFILE" --min-ttl (math "max(0, $left + 1)") </dev/null 2>/dev/null)
        set code $status
        if test $code -eq 0
            if _sesame_hook_assigns $output
                eval $output
            else
                set code 126
            end
        end
    end
    set now (_sesame_hook_clock)
    if test -n "$SESAME_EXPIRATION" -a "$SESAME_EXPIRATION" != "$before"
        _sesame_hook_read_expiration
        set left (math $_sesame_hook_expires - $now)
        if test $left -gt 0
            set -g _sesame_hook_next (math "$_sesame_hook_expires - min(${marginSeconds}, floor($left / 2))")
        end
        return 0
    end
    set left (math $_sesame_hook_expires - $now)
    if test $code -ne 0 -a $left -le 0
        if contains -- $code 126 127; or _sesame_hook_cannot_start $code
            _sesame_hook_say "are unset, since sesame cannot renew them (exit code $code)" 'see why with: sesame doctor'
        else
            _sesame_hook_say 'have expired and are unset'
        end
        ${formatUnset('fish').trim()}
        return 0
    end
    if test $left -gt 0 -a $left -lt ${2 * backOffSeconds}
        set wait (math "ceil($left / 2)")
    end
    set -g _sesame_hook_next (math $now + $wait)
    test "$_sesame_hook_told" != "$before"; or return 0
    if test $code -eq 3
        set -g _sesame_hook_told $before
        _sesame_hook_say "expire at $before"
    else if test $code -eq 126; or _sesame_hook_cannot_start $code
        # Another program, one that cannot be started or used: a sign-in would not help.
        set -g _sesame_hook_told $before
        _sesame_hook_say "are not renewed, since sesame fails (exit code $code)" 'see why with: sesame doctor'
    end
end

# An old Node.js is exit code 2, which also has other reasons, such as credentials that never last so long.
function _sesame_hook_cannot_start
    test "$argv[1]" -eq 2; and not command sesame version >/dev/null 2>&1
end

function _sesame_hook_say
    set -q argv[2]; or set -a argv 'sign in with: sesame-login'
    if test -n "$SESAME_PROFILE"
        set -l name (string escape -- $SESAME_PROFILE)
        printf 'sesame: credentials of %s %s; %s --profile %s\\n' $name $argv[1] $argv[2] $name >&2
    else
        printf 'sesame: credentials %s; %s\\n' $argv[1] $argv[2] >&2
    end
end
`
}
