-- Pull requests and branches: which pushes are old, what is still to be told, and what is over.

-- The commits that pushes went from and to, the latest last; bounded by who writes it.
ALTER TABLE source_thread ADD COLUMN seen text[] NOT NULL DEFAULT '{}';

-- What a forge may have to be told: most of what is over is not.
CREATE INDEX thread_to_tell ON source_thread (source_id, updated_at)
    WHERE is_open OR wanted > reported OR reported_of IS NOT NULL;

-- What is over is removed after a while.
CREATE INDEX thread_closed ON source_thread (updated_at) WHERE NOT is_open;
