# Stops the cluster in a folder and deletes the folder, when the last process that holds it is gone.
#
# Standard input is the folder's door, a named pipe that every holder has open for writing, and into which it
# writes a line when it comes. The end of input means that nobody is there. No other program may inherit it:
# whoever comes takes the door for watched as long as it has a reader.
# $1 the folder; $2 the seconds to wait for the next holder; $3 what to delete besides

wait_until_all_are_gone() {
    came=0
    while read -r _; do
        came=1
    done
}

wait_until_all_are_gone
while [ "$came" = 1 ]; do
    sleep "$2" </dev/null
    wait_until_all_are_gone
done

# Nobody finds the door any more; who came in before is waited for.
rm -f "$1/door" </dev/null
wait_until_all_are_gone
exec </dev/null

for file in "$1"/*/data/postmaster.pid; do
    [ -f "$file" ] || continue
    read -r process <"$file"
    kill -CONT "$process"
    kill -QUIT "$process"
    tries=0
    while [ -f "$file" ] && [ "$tries" -lt 100 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    [ -f "$file" ] && kill -KILL "$process"
done

# What was being made when its maker was killed may still write.
tries=0
rm -rf "$1" ${3:+"$3"}
while [ -e "$1" ] && [ "$tries" -lt 100 ]; do
    sleep 0.1
    tries=$((tries + 1))
    rm -rf "$1"
done
