UPDATE catalog_follower SET position = 1;
