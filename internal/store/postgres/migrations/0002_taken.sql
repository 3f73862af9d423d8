-- A matter counts how often each step was taken: the last member of its document, as a fold of its entries writes it.

UPDATE matter
SET doc = substr(matter.doc, 1, length(matter.doc) - 1) || convert_to(',"taken":{' || t.counts || '}}', 'UTF8')
FROM (
  SELECT log, matter, string_agg('"' || step || '":' || n::text, ',' ORDER BY step COLLATE "C") AS counts
  FROM (
    SELECT log, matter, act ->> 'step' AS step, count(*) AS n
    FROM (SELECT log, matter, convert_from(act, 'UTF8')::json AS act FROM entry) AS acts
    WHERE act ->> 'kind' = 'stepped'
    GROUP BY log, matter, act ->> 'step'
  ) AS steps
  GROUP BY log, matter
) AS t
WHERE t.log = matter.log AND t.matter = matter.id;
