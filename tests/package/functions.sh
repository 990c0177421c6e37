# Functions of the scripts that run in a sandbox.

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# Starts a new PostgreSQL as Debian sets it up, on port 5432.
start_postgres() {
    local version
    version=$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' | sort -V | tail -n 1)
    rm -rf /etc/postgresql/* /var/lib/postgresql/*
    install -d -m 2775 -o postgres -g postgres /run/postgresql
    pg_createcluster --port 5432 "$version" main >/dev/null
    pg_ctlcluster "$version" main start
}

# wait_for COMMAND…: repeats the command until it succeeds, for a minute at most
wait_for() {
    local end=$((SECONDS + 60))
    until "$@"; do
        ((SECONDS < end)) || fail "never true: $*"
        sleep 0.1
    done
}

# post ROUTE JSON: prints the response with its head
post() {
    curl --silent --show-error --include --fail-with-body "http://localhost:3000/api/auth$1" \
        --header 'content-type: application/json' --data "$2"
}

sign_up() {
    post /sign-up/email "{\"name\": \"$1\", \"email\": \"$1@example.com\", \"password\": \"correct horse battery\"}"
}

sign_in() {
    post /sign-in/email "{\"email\": \"$1@example.com\", \"password\": \"correct horse battery\"}"
}

# session_cookie: reads a response, and prints the session cookie
session_cookie() {
    grep -i --only-matching 'better-auth.session_token=[^;]*\|__Secure-better-auth.session_token=[^;]*' | head -n 1
}

# user_of COOKIE: prints the session of a cookie
session_of() {
    curl --silent --show-error --fail "http://localhost:3000/api/auth/get-session" --header "cookie: $1"
}
