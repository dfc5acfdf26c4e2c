-- Groups of people: whoever makes a token says which ones its holder is in.

ALTER TABLE access_token
    ADD COLUMN groups text[] COLLATE "C" NOT NULL DEFAULT '{}',
    ADD CONSTRAINT token_is_in_few_groups CHECK (cardinality(groups) <= 20);
