-- The database of one service, after roles.sql. Only its own two roles may connect to it.
--   psql -v service=training -f databases.sql  as superuser; may be run again at any time
\set owner :service _owner

SELECT format('CREATE DATABASE %I OWNER %I', :'service', :'owner')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'service')
\gexec

REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"service" TO :"service";
REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;

\connect :"service"
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"service";
-- Rights on tables are granted by each service's migrations.
