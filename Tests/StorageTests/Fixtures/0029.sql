UPDATE deployment SET created_at = now() - interval '2 years';
