/**
 * What the keeper does: starts the command without an input, and holds a lifeline to us, its own input. When the
 * lifeline breaks, because we closed it or died of whatever, it kills the command. In either case it waits for the
 * command's end, removes the folder and repeats the command's exit status.
 */
const KEEPER = `
folder=$1
shift
exec 3<&0 </dev/null
"$@" 3<&- &
command=$!
trap '' PIPE
{ read -r line <&3; kill -KILL "$command"; } >/dev/null 2>&1 &
watcher=$!
wait "$command" 2>/dev/null
status=$?
kill "$watcher"
[ -z "$folder" ] || rm -rf -- "$folder"
exit "$status"
`;

/** The keeper's exit status when the command does not exist. */
export const NO_SUCH_COMMAND = 127;

/**
 * The words of a process that starts a command, ends it when our end of its standard input closes (so also when we are
 * killed), and then removes a folder, if one is given.
 */
export function underKeeper(words: readonly string[], folder = ''): readonly [string, ...string[]] {
  return ['/bin/sh', '-c', KEEPER, 'daxlab-keeper', folder, ...words];
}
