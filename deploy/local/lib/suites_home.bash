# The place of the test stack: beside the stack that people use. Sourced before the settings.
# shellcheck shell=bash
export GUILDHALL_HOME=${GUILDHALL_TEST_HOME:-.local/test} GUILDHALL_BUILD=debug
export GUILDHALL_PORT=${GUILDHALL_TEST_PORT:-18080} GUILDHALL_PG_PORT=${GUILDHALL_TEST_PG_PORT:-15432}
# Tests survive programs that are killed, not power cuts.
export PG_FSYNC=off
