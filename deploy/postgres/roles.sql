-- The two roles of one service: <service>_owner makes and migrates tables, <service> runs.
--   psql -v service=training -f roles.sql      as superuser; may be run again at any time
-- Passwords come from the environment, not from a command line that others can see. Where the
-- server does not ask for passwords (a private Unix socket), they may be left out.
\getenv owner_password OWNER_PASSWORD
\getenv runtime_password RUNTIME_PASSWORD
\set owner :service _owner

SELECT format('CREATE ROLE %I LOGIN', role)
  FROM unnest(ARRAY[:'owner', :'service']) AS role
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role)
\gexec

ALTER ROLE :"owner" NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION;
ALTER ROLE :"service" NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION;

\if :{?owner_password}
ALTER ROLE :"owner" PASSWORD :'owner_password';
\endif
\if :{?runtime_password}
ALTER ROLE :"service" PASSWORD :'runtime_password';
\endif
