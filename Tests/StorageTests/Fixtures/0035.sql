UPDATE source_thread SET seen = ARRAY[repeat('a', 40), repeat('b', 40)];
