UPDATE catalog_usage SET bytes = bytes + 1;
