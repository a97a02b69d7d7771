#!/bin/sh
# Run once, on a new database, as the owner of the tables: makes the role that web, worker and beat use.
# It reads and writes rows, and can neither change a table nor truncate one: the events stay as they were written.
set -eu
: "${POSTGRES_WEB_PASSWORD:?set POSTGRES_WEB_PASSWORD}"
psql --set ON_ERROR_STOP=1 --set password="$POSTGRES_WEB_PASSWORD" --set owner="$POSTGRES_USER" \
    --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE filing_portal_web LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
GRANT USAGE ON SCHEMA public TO filing_portal_web;
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO filing_portal_web;
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO filing_portal_web;
SQL
