-- Services appear in the catalog from now on: those that are there are looked at once.

UPDATE catalog_follower SET position = NULL;
