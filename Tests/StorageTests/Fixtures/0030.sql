UPDATE access_token SET groups = '{release-managers,on-call}';
