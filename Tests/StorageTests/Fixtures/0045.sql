UPDATE catalog_follower SET kinds = '{tenant,environment,cluster}', followed = 1;
