UPDATE environment_look SET lacking = 1;
