-- A matter counts how often each step was taken: the last member of its document, as a fold of its entries writes it.

UPDATE matter
SET doc = CAST(substr(doc, 1, length(doc) - 1) || ',"taken":{' || t.counts || '}}' AS BLOB)
FROM (
  SELECT matter, group_concat('"' || step || '":' || n, ',' ORDER BY step) AS counts
  FROM (
    SELECT matter, act ->> '$.step' AS step, count(*) AS n
    FROM (SELECT matter, CASE WHEN json_valid(CAST(act AS TEXT)) THEN CAST(act AS TEXT) END AS act FROM entry)
    WHERE act ->> '$.kind' = 'stepped'
    GROUP BY matter, step
  )
  GROUP BY matter
) AS t
WHERE t.matter = matter.id;
