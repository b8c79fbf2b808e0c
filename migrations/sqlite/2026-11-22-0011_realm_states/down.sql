DROP INDEX auth_realms__state__id;
