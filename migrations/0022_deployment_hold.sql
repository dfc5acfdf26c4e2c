-- What held a roll-out before it began, and who let it go on.

-- Null where nothing ever held it.
ALTER TABLE deployment ADD COLUMN hold json;
