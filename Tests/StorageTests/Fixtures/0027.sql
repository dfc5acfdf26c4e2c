UPDATE environment SET due_faults = 2;
