# The stack's secrets, created once, and the settings that its programs read.
# shellcheck shell=bash

random_hex() { od -An -v -N"$1" -tx1 /dev/urandom | tr -d ' \n'; } # BYTES

# One secret by name.
secret() { sed -n "s/^$1=//p" "$STACK/secrets"; } # NAME

# Writes STACK/secrets, mode 600, unless it exists.
secrets_make() {
    local service name
    if [[ -s $STACK/secrets ]]; then
        # A stack from before there was this service, or an owner of the books.
        for name in "${DATABASES[@]/%/_DATABASE}" PAYMENTS_DATABASE_OWNER; do
            name=${name^^}_PASSWORD
            [[ -n $(secret "$name") ]] || say "$name=$(random_hex 16)" >>"$STACK/secrets"
        done
        return 0
    fi
    (
        umask 077
        {
            say "# Made once by 'make up', for this stack alone; 'make reset' deletes it."
            say "POSTGRES_PASSWORD=$(random_hex 16)"
            for service in "${DATABASES[@]}"; do say "${service^^}_DATABASE_PASSWORD=$(random_hex 16)"; done
            say "PAYMENTS_DATABASE_OWNER_PASSWORD=$(random_hex 16)"
            say "SERVICE_SECRET=$(random_hex 32)"
            say "STRIPE_SECRET_KEY=sk_test_$(random_hex 24)"
            say "STRIPE_WEBHOOK_SECRET=whsec_$(random_hex 24)"
            say "TELEGRAM_BOT_TOKEN=$((RANDOM + 100000000)):AA$(random_hex 16)"
            say "RESEND_API_KEY=re_$(random_hex 16)"
            say "GITHUB_CLIENT_ID=Iv1.$(random_hex 8)"
            say "GITHUB_CLIENT_SECRET=$(random_hex 20)"
            say "GOOGLE_CLIENT_ID=guildhall-local.apps.googleusercontent.com"
            say "LLM_API_KEY=sk-$(random_hex 16)"
            say "ADMIN_PASSWORD=Guild-$(random_hex 9)-7"
        } >"$STACK/secrets.new"
    )
    mv "$STACK/secrets.new" "$STACK/secrets"
}

# Writes STACK/env, mode 600: everything the programs read. Lines of STACK/own.env, if it exists, win.
settings_write() {
    local sandbox service
    if [[ -f $STACK/own.env ]]; then settings_check; fi
    sandbox=http://127.0.0.1:$(port_of sandbox)
    (
        umask 077
        {
            say "# Written by 'make up' from 'secrets' and the ports; put settings of your own into own.env beside it."
            grep -v '^#' "$STACK/secrets"
            say "GUILDHALL_ENVIRONMENT=development"
            say "GUILDHALL_PORT=$PORT"
            say "HOST=127.0.0.1"
            for service in "${DATABASES[@]}"; do
                say "${service^^}_DATABASE_URL=postgresql://guildhall_$service:$(secret "${service^^}_DATABASE_PASSWORD")@127.0.0.1:$PG_PORT/guildhall_$service"
            done
            say "PAYMENTS_DATABASE_OWNER_URL=postgresql://guildhall_payments_owner:$(secret PAYMENTS_DATABASE_OWNER_PASSWORD)@127.0.0.1:$PG_PORT/guildhall_payments"
            for service in "${PEERS[@]}"; do say "${service^^}_URL=http://127.0.0.1:$(port_of "$service")"; done
            say "PUBLIC_URL=http://127.0.0.1:$PORT"
            say "CLIENT_URL=http://127.0.0.1:$PORT"
            say "SANDBOX_URL=$sandbox"
            say "EGRESS_ALLOW=127.0.0.0/8"
            say "CHANNEL_CONFIRMATION=off"
            say "LOG_LEVEL=info"
            say "ADMIN_EMAIL=admin@guildhall.local"
            say "STRIPE_API_BASE=$sandbox/stripe"
            say "STRIPE_PUBLISHABLE_KEY=pk_test_sandbox"
            say "GITHUB_BASE_URL=$sandbox/github"
            say "GITHUB_API_BASE=$sandbox/github"
            say "GOOGLE_BASE_URL=$sandbox/google"
            say "GOOGLE_TOKEN_BASE=$sandbox/google"
            say "GOOGLE_CLIENT_SECRET=development-google"
            say "GOOGLE_JWKS_URL=$sandbox/google/jwks"
            say "STORAGE_FOLDER=$STACK/storage"
            say "TELEGRAM_API_BASE=$sandbox/telegram"
            say "RESEND_API_BASE=$sandbox/resend"
            say "LLM_BASE_URL=$sandbox/llm/v1"
            say "LLM_MODEL=sandbox-1"
            if [[ -f $STACK/own.env ]]; then
                # A last line without a line end counts too.
                cat "$STACK/own.env" && say
            fi
        } >"$STACK/env.new"
    )
    mv "$STACK/env.new" "$STACK/env"
}

# Stops when a line of own.env would not do what it says.
settings_check() {
    "$BIN/guildhallctl" settings --check "$STACK/own.env" || fail "own.env is read as it stands, a line NAME=VALUE each"
}

# The same before anything is built, by the names and forms in docs/configuration.md, with a line for each fault. What two
# settings have to do with each other, their service says at start.
settings_check_early() {
    local faults
    [[ -f $STACK/own.env ]] || return 0
    faults=$(LC_ALL=C awk -f "$LOCAL/lib/own_settings.awk" "$ROOT/docs/configuration.md" "$STACK/own.env")
    if [[ -n $faults ]]; then
        say "$faults"
        exit 70
    fi
}

# Puts STACK/env into the environment, as data: bash does not interpret the values.
settings_export() {
    local line
    while IFS= read -r line; do
        if [[ $line =~ ^[A-Za-z_][A-Za-z0-9_]*= ]]; then export "${line?}"; fi
    done <"$STACK/env"
}

# The names in STACK/env.
settings_names() { sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p' "$STACK/env"; }
