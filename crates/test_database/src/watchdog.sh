# Stops the cluster in a folder and deletes the folder after the last process that uses it has ended.
#
# Standard input is the folder's named pipe. Every process that uses the folder has it open for writing, and writes a
# line when it joins. The end of input means that no process uses the folder. No other program may inherit the pipe:
# a process that joins takes the folder for watched as long as the pipe has a reader.
# $1: the folder; $2: the seconds to wait for another process; $3: a file that is also deleted

# The tests of this script read it.
echo "$$" >"$1/watchdog"

wait_until_all_have_ended() {
    joined=0
    while read -r _; do
        joined=1
    done
}

wait_until_all_have_ended
while [ "$joined" = 1 ]; do
    sleep "$2" </dev/null
    wait_until_all_have_ended
done

# No process can join from now on; wait for those that have joined before.
rm -f "$1/pipe" </dev/null
wait_until_all_have_ended
exec </dev/null

for file in "$1"/*/data/postmaster.pid; do
    [ -f "$file" ] || continue
    read -r process <"$file"
    kill -CONT "$process"
    kill -QUIT "$process"
    tries=0
    while [ -f "$file" ] && [ "$tries" -lt 300 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    [ -f "$file" ] && kill -KILL "$process"
done

# Processes that a killed test program was starting may still write.
tries=0
rm -rf "$1" ${3:+"$3"}
while [ -e "$1" ] && [ "$tries" -lt 300 ]; do
    sleep 0.1
    tries=$((tries + 1))
    rm -rf "$1"
done
