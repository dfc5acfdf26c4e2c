UPDATE service_look SET lacking = 1;
