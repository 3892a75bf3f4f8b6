INSERT INTO conversations (id, first_id, second_id, started_by, created_at, updated_at)
VALUES (gen_random_uuid(), least(:'me'::uuid, :'other'::uuid), greatest(:'me'::uuid, :'other'::uuid), :'me', now(), now())
ON CONFLICT DO NOTHING;
INSERT INTO participants (conversation_id, account_id, other_id, updated_at)
SELECT id, account, CASE account WHEN first_id THEN second_id ELSE first_id END, now()
  FROM conversations, unnest(ARRAY[first_id, second_id]) AS account
ON CONFLICT DO NOTHING;
