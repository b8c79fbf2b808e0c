-- Realms of a state, in the order of their ids: with many realms a list of the few inactive ones would read all.
CREATE INDEX auth_realms__state__id ON auth_realms (state, id);
