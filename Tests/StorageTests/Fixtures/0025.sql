INSERT INTO forge (
    id, name, labels, label_terms, kind, spec, token, phase, message, since, check_due_at,
    generation, revision, created_at, updated_at)
VALUES (
    '01936f00-0000-7000-8000-000000000501', 'github', '{}', '{}', 'github',
    '{"url":"https://api.github.com"}', 'sealed', 'pending', 'Not looked at.', now(), now(), 1, 1,
    now(), now());
