# The user that a server runs as, and folders that this user can reach.
# shellcheck shell=bash
#
# PostgreSQL refuses to run as root. As root it becomes `postgres` (or `nobody` where that user does not exist);
# otherwise everything runs as the user who started it.

server_user() {
    if [[ $EUID != 0 ]]; then id -un; elif id postgres >/dev/null 2>&1; then printf postgres; else printf nobody; fi
}

as_server() {
    if [[ $EUID != 0 ]]; then "$@"; else
        local user
        user=$(server_user)
        setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups "$@"
    fi
}

# Makes STACK/NAME, owned by the server's user. Where that user cannot reach the stack's folder (a clone below
# /root, say), the folder is in /var/lib/guildhall and STACK/NAME a link to it.
server_folder() { # NAME MODE
    local folder=$STACK/$1
    if [[ ! -d $folder ]]; then
        if as_server test -x "$STACK"; then mkdir -p "$folder"; else
            local elsewhere
            elsewhere=/var/lib/guildhall/$(stack_hash)/$1
            mkdir -p "$elsewhere"
            ln -sfn "$elsewhere" "$folder"
        fi
    fi
    if [[ $EUID == 0 ]]; then chown "$(server_user):" "$folder/."; fi
    chmod "$2" "$folder/."
}

# Deletes STACK/NAME and what it links to.
delete_server_folder() { # NAME
    local target
    if [[ -L $STACK/$1 ]]; then
        target=$(readlink "$STACK/$1")
        [[ $target != /var/lib/guildhall/* ]] || rm -rf "$target"
        rmdir --ignore-fail-on-non-empty -p "${target%/*}" 2>/dev/null || true
    fi
    rm -rf "${STACK:?}/$1"
}
