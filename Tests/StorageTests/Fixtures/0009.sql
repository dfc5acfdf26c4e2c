INSERT INTO setting (name, value) VALUES ('cursor-signing-key', sha256('key'));
