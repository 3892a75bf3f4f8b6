# Checks own.env without a built program, by the names and forms that docs/configuration.md has. Tests keep the document
# true, and this to what the programs themselves say.
#
# awk -f own_settings.awk docs/configuration.md own.env
#   Prints a line for each fault. With -v list=forms it prints the document's forms that it cannot check instead.

function trimmed(text) {
    gsub(/^[ \t]+|[ \t\r]+$/, "", text)
    return text
}

function least(a, b) { return a < b ? a : b }

# How many letters are added, removed, replaced or swapped with a neighbour to turn one name into the other.
function distance(left, right, i, j, same, at) {
    for (j = 0; j <= length(right); j++) at[0, j] = j
    for (i = 1; i <= length(left); i++) {
        at[i, 0] = i
        for (j = 1; j <= length(right); j++) {
            same = substr(left, i, 1) == substr(right, j, 1)
            at[i, j] = least(least(at[i - 1, j] + 1, at[i, j - 1] + 1), at[i - 1, j - 1] + !same)
            if (i > 1 && j > 1 && substr(left, i, 1) == substr(right, j - 1, 1) \
                && substr(left, i - 1, 1) == substr(right, j, 1)) {
                at[i, j] = least(at[i, j], at[i - 2, j - 2] + 1)
            }
        }
    }
    return at[length(left), length(right)]
}

# The known name that was probably meant; empty when all differ by more than two letters, or by one in a short name.
function nearest(name, known, found, best, limit, far) {
    best = (limit = length(name) < 6 ? 1 : 2) + 1
    for (known in form) {
        if (length(known) - length(name) > limit || length(name) - length(known) > limit) continue
        far = distance(name, known)
        if (far < best || (far == best && far <= limit && known < found)) {
            best = far
            found = known
        }
    }
    return found
}

function is_number(value, from, to) { return value ~ /^[+-]?[0-9]+$/ && value + 0 >= from && value + 0 <= to }

# A word of visible letters that begins with one of those in backticks in `rule`, if any are there.
function is_word(value, rule, parts, count, i) {
    if (value == "" || value ~ /[^!-~]/) return 0
    count = split(rule, parts, "`")
    for (i = 2; i <= count; i += 2) {
        if (index(value, parts[i]) == 1 && length(value) > length(parts[i])) return 1
    }
    return count < 2
}

# Whether all parts between commas, of which there is one, fit. The kind is ranges or words.
function are(kind, value, rule, parts, count, i, part, any) {
    count = split(value, parts, ",")
    for (i = 1; i <= count; i++) {
        part = trimmed(parts[i])
        if (part == "") continue
        any = 1
        if (kind == "ranges" && part !~ /^[0-9A-Fa-f]*[.:][0-9A-Fa-f.:]*(\/[0-9]+)?$/) return 0
        if (kind == "words" && !is_word(part, rule)) return 0
    }
    return any || kind == "ranges"
}

# Whether a value has a form of docs/configuration.md. What it cannot tell, it says is right: -1 for a form that it does
# not know.
function fits(rule, value, parts, count) {
    if (rule == "text" || rule == "a folder") return 1
    if (rule ~ /^a whole number of .*, from [0-9]+ to [0-9]+$/ || rule ~ /^a port, from [0-9]+ to [0-9]+$/) {
        count = split(rule, parts, " ")
        return is_number(value, parts[count - 2], parts[count])
    }
    if (rule ~ /^one of `/) return value !~ /[`, ]/ && index(rule, "`" value "`") > 0
    if (rule ~ /^one word, without spaces/) return is_word(value, rule)
    if (rule ~ /^a word that begins with .*; several, with commas/) return are("words", value, rule)
    if (rule ~ /^[0-9]+ characters or more; `new,old`/) {
        split(value, parts, ",")
        return length(parts[1]) >= rule + 0
    }
    if (rule ~ /^[0-9]+ characters or more$/) return length(value) >= rule + 0
    if (rule ~ /^an http or https URL/) return value ~ /^[Hh][Tt][Tt][Pp][Ss]?:\/\/[^\/?#@ ]+([\/?#][!-~]*)?$/
    if (rule == "a mail address") return value ~ /^[^@ :\/]+@[^@ :\/]+$/
    if (rule == "a host name or an IP address") return value ~ /^[A-Za-z0-9.:_-]+$/
    if (rule ~ /^address ranges like /) return are("ranges", value)
    if (rule ~ /^3 to 63 of a-z, 0-9, hyphen and dot$/) {
        return value ~ /^[a-z0-9.-]+$/ && length(value) >= 3 && length(value) <= 63
    }
    if (rule ~ /^`development`, `production` or another word/) return value ~ /^[a-z][a-z0-9-]*$/
    if (rule ~ /^`<number>:<letters>`/) return value ~ /^[0-9]+:[A-Za-z0-9_-]+$/
    if (rule ~ /^a libpq URL/) return value ~ /^postgres(ql)?:\/\/[!-~]*$/
    if (rule ~ /^`smtp\[s\]:/) return value ~ /^smtps?:\/\/([^@\/ ]*@)?[][A-Za-z0-9.:_-]+\/?$/
    return -1
}

function fault(words) { printf "guildhall: own.env, line %d: %s\n", FNR, words }

# The document: | `NAME` | when not set | form | what it is |
FNR == NR {
    if (/^## The gateway/) outside = 1
    if (!/^\| `/) next
    split($0, cell, / \| /)
    name = cell[1]
    gsub(/[|` ]/, "", name)
    rule = cell[3]
    sub(/; secret$/, "", rule)
    if (!(name in form)) form[name] = outside ? "text" : rule
    if (list == "forms" && fits(form[name], "x") < 0) print form[name]
    next
}

/^[ \t\r]*$/ || /^#/ { next }

!/^[A-Za-z_][A-Za-z0-9_]*=/ {
    fault("must be NAME=VALUE")
    next
}

{
    name = value = $0
    sub(/=.*/, "", name)
    sub(/^[^=]*=/, "", value)
    if (!(name in form)) {
        meant = nearest(name)
        # Others may be meant for libraries, such as HTTPS_PROXY and TZ.
        if (meant != "") fault("there is no setting " name "; did you mean " meant "?")
        else if (name ~ /^GUILDHALL_/) fault("there is no setting " name " (docs/configuration.md has all)")
    } else if (value ~ /^".*"$/ || value ~ /^'.*'$/) {
        if (length(value) > 1) fault(name " is written in quotes, which would be part of it; write it without")
    } else if (value ~ /^ | $|[\001-\037\177]/) {
        fault(name " begins or ends with a space, or has a control character in it; write it without")
    } else if (value != "" && !fits(form[name], value)) {
        fault(name " must be " form[name])
    }
}
