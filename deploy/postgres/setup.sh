#!/bin/sh
# Makes, or brings up to date, the databases and roles of all services on a running server.
# The passwords are files in /run/secrets: <service>_owner_password and <service>_password.
# May be run again at any time, also to give a role the new password in its file.
set -eu
here=$(dirname "$0")
PGPASSWORD=$(cat /run/secrets/postgres_password)
export PGPASSWORD PGHOST PGUSER=postgres PGDATABASE=postgres
for service in programmes training participants; do
  OWNER_PASSWORD=$(cat "/run/secrets/${service}_owner_password")
  RUNTIME_PASSWORD=$(cat "/run/secrets/${service}_password")
  export OWNER_PASSWORD RUNTIME_PASSWORD
  psql -X -q -v ON_ERROR_STOP=1 -v service="$service" -f "$here/roles.sql" -f "$here/databases.sql"
  echo "$service: database and roles are ready"
done
